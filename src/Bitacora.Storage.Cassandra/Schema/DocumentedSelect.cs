using System.Globalization;

namespace Bitacora.Storage.Cassandra.Schema;

/// <summary>A SELECT that users of the original system know, and the search that answers the same question on any cluster.</summary>
/// <param name="Cql">The statement.</param>
/// <param name="Search">The command.</param>
/// <param name="NeedsIndexes">Whether Cassandra takes the statement only with the indexes of the profile compat.</param>
internal sealed record DocumentedSelect(string Cql, string Search, bool NeedsIndexes)
{
    /// <summary>All of them, for one day.</summary>
    public static IReadOnlyList<DocumentedSelect> Of(string keyspace, DateOnly day)
    {
        var application = $"SELECT * FROM {keyspace}.{LogTables.Application}";
        return
        [
            new($"{application} LIMIT 10;", "bitacora search 'layer:application' --limit 10", false),
            OfDay(application, day, "level = 'ERROR'", "layer:application level:ERROR"),
            OfDay(application, day, "logger = 'NAME'", "layer:application logger=NAME"),
            OfDay(application, day, "request_id = 'ID'", "layer:application request_id=ID"),
            OfDay($"SELECT * FROM {keyspace}.{LogTables.Infrastructure}", day, "source = 'NAME'", "layer:infrastructure source=NAME"),
            new(
                $"{application} WHERE log_date = '{Text(day)}' LIMIT 1;",
                $"bitacora search 'layer:application' {Range(day)} --limit 1", true),
        ];
    }

    private static DocumentedSelect OfDay(string select, DateOnly day, string condition, string query) => new(
        $"{select} WHERE log_date = '{Text(day)}' AND {condition} LIMIT 100;", $"bitacora search '{query}' {Range(day)} --limit 100", true);

    private static string Range(DateOnly day) => $"--from {Text(day)} --to {Text(day.AddDays(1))} --tz UTC";

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
