namespace Bitacora.Storage.Cassandra.Schema;

/// <summary>
/// Compares a table that exists with what it must be: CREATE TABLE IF NOT EXISTS says nothing of a table with other columns.
/// </summary>
/// <param name="Wrong">What makes it another table, which nothing here may touch.</param>
/// <param name="Missing">Columns outside of the key that it lacks: they can be added.</param>
/// <param name="Foreign">Columns outside of the key that the product does not know: they stay.</param>
internal sealed record TableComparison(
    IReadOnlyList<string> Wrong, IReadOnlyList<(string Name, string Type)> Missing, IReadOnlyList<string> Foreign)
{
    public static TableComparison Of(LogTable table, FoundTable found)
    {
        var wrong = new List<string>();
        var missing = new List<(string, string)>();
        var (key, foundKey) = (KeyText(KeyOf(table)), KeyText(KeyOf(found)));
        if (key != foundKey)
        {
            wrong.Add($"its key is {foundKey}, not {key}");
        }

        var columns = found.Columns.ToDictionary(column => column.Name);
        var keyNames = KeyOf(table).Select(part => part.Name).ToHashSet();
        foreach (var (name, type) in table.Columns)
        {
            if (!columns.TryGetValue(name, out var column))
            {
                if (!keyNames.Contains(name))
                {
                    missing.Add((name, type));
                }
            }
            else if (column.Type != type)
            {
                wrong.Add($"its column {name} is {column.Type}, not {type}");
            }
            else if (column.Kind == "static")
            {
                wrong.Add($"its column {name} is static");
            }
        }

        var known = table.Columns.Select(column => column.Name).ToHashSet();
        var foreign = found.Columns.Where(column => !known.Contains(column.Name) && column.Kind is "regular" or "static");
        return new TableComparison(wrong, missing, [.. foreign.Select(column => column.Name)]);
    }

    /// <summary>Whether it is the table that the original system made under this name: a day a partition.</summary>
    public static bool IsOriginal(FoundTable found) => KeyText(KeyOf(found)).StartsWith("((log_date), timestamp", StringComparison.Ordinal);

    private static List<KeyPart> KeyOf(LogTable table) =>
    [
        .. table.PartitionKey.Select(name => new KeyPart(name, null)),
        .. table.Clustering.Select(column => column.Split(' ')).Select(words => new KeyPart(words[0], words[1])),
    ];

    private static List<KeyPart> KeyOf(FoundTable found)
    {
        List<KeyPart> key = [];
        key.AddRange(Columns("partition_key").Select(column => new KeyPart(column.Name, null)));
        key.AddRange(Columns("clustering").Select(column => new KeyPart(column.Name, column.Order.ToUpperInvariant())));
        return key;

        IEnumerable<FoundColumn> Columns(string kind) =>
            found.Columns.Where(column => column.Kind == kind).OrderBy(column => column.Position);
    }

    private static string KeyText(List<KeyPart> key)
    {
        var partition = string.Join(", ", key.Where(part => part.Order is null).Select(part => part.Name));
        return $"(({partition}){string.Concat(key.Where(part => part.Order is not null).Select(part => $", {part.Name} {part.Order}"))})";
    }

    /// <summary>A column of a key; its order is null in the partition key.</summary>
    private readonly record struct KeyPart(string Name, string? Order);
}
