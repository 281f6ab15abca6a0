namespace Bitacora.Storage.Embedded.Querying;

/// <summary>A condition in SQL, true or false but never null.</summary>
/// <param name="Sql">The expression.</param>
/// <param name="IsExact">False where it may be true for a row that the filter refuses; it never is false for one that matches.</param>
internal readonly record struct SqlCondition(string Sql, bool IsExact)
{
    public static SqlCondition True { get; } = new("true", true);

    public static SqlCondition False { get; } = new("false", true);

    /// <summary>What SQL knows nothing about: every row is a candidate.</summary>
    public static SqlCondition Unknown { get; } = new("true", false);

    public static SqlCondition Exactly(string sql) => new(sql, true);

    /// <summary>An exact expression that may be null, which counts as false.</summary>
    public static SqlCondition NullIsFalse(string sql) => new($"coalesce({sql}, false)", true);

    public bool IsTrue => Sql == "true";

    public bool IsFalse => Sql == "false";

    public static SqlCondition And(IEnumerable<SqlCondition> items)
    {
        var all = items.Where(item => item != True).ToList();
        // What is certainly false stays so whatever stands beside it.
        return all.Exists(item => item == False) ? False : all.Count == 0 ? True : Join(all, " AND ");
    }

    public static SqlCondition Or(IEnumerable<SqlCondition> items)
    {
        var all = items.Where(item => item != False).ToList();
        return all.Exists(item => item == True) ? True : all.Count == 0 ? False : Join(all, " OR ");
    }

    /// <summary>Of an inexact condition nothing follows.</summary>
    public SqlCondition Not() => !IsExact ? Unknown : IsTrue ? False : IsFalse ? True : new($"(NOT {Sql})", true);

    private static SqlCondition Join(List<SqlCondition> all, string by) =>
        new("(" + string.Join(by, all.Select(item => item.Sql)) + ")", all.TrueForAll(item => item.IsExact));
}
