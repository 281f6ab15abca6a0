namespace Bitacora.Ingestion.PostgreSql;

/// <summary>A part of a prefix.</summary>
/// <param name="Kind">By what its end is known.</param>
/// <param name="Field">What it says.</param>
/// <param name="Literal">The text of a literal; else empty.</param>
/// <param name="Width">The bytes that padding fills up; 0 for none.</param>
internal sealed record PrefixStep(PrefixStepKind Kind, PostgreSqlField Field, byte[] Literal, int Width)
{
    public static PrefixStep? Of(char escape, int width) => escape switch
    {
        'a' => Text(PostgreSqlField.Application, width),
        'u' => Text(PostgreSqlField.User, width),
        'd' => Text(PostgreSqlField.Database, width),
        'h' => Text(PostgreSqlField.Client, width),
        'b' => Text(PostgreSqlField.BackendType, width),
        'i' => Text(PostgreSqlField.CommandTag, width),
        'r' => new(PrefixStepKind.Connection, PostgreSqlField.Connection, [], width),
        'L' => new(PrefixStepKind.Address, PostgreSqlField.LocalAddress, [], width),
        'p' => new(PrefixStepKind.Number, PostgreSqlField.Process, [], width),
        'P' => new(PrefixStepKind.OptionalNumber, PostgreSqlField.LeaderProcess, [], width),
        'l' => new(PrefixStepKind.Number, PostgreSqlField.LineNumber, [], width),
        'x' => new(PrefixStepKind.Number, PostgreSqlField.Transaction, [], width),
        'Q' => new(PrefixStepKind.Number, PostgreSqlField.QueryId, [], width),
        't' or 'm' => new(PrefixStepKind.Time, PostgreSqlField.Time, [], width),
        'n' => new(PrefixStepKind.Epoch, PostgreSqlField.Time, [], width),
        's' => new(PrefixStepKind.Time, PostgreSqlField.SessionStart, [], width),
        'e' => new(PrefixStepKind.SqlState, PostgreSqlField.SqlState, [], width),
        'c' => new(PrefixStepKind.Session, PostgreSqlField.Session, [], width),
        'v' => new(PrefixStepKind.VirtualTransaction, PostgreSqlField.VirtualTransaction, [], width),
        'q' => new(PrefixStepKind.End, PostgreSqlField.Count, [], 0),

        // PostgreSQL writes nothing for an escape that it does not know.
        _ => null,
    };

    private static PrefixStep Text(PostgreSqlField field, int width) => new(PrefixStepKind.Text, field, [], width);
}
