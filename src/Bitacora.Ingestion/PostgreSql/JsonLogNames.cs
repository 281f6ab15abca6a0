using System.Text;

namespace Bitacora.Ingestion.PostgreSql;

/// <summary>The names of jsonlog's members, in the order in which PostgreSQL writes those that there are.</summary>
internal sealed class JsonLogNames
{
    private readonly (byte[] Name, PostgreSqlField Field)[] _names =
    [
        .. new (string Name, PostgreSqlField Field)[]
        {
            ("timestamp", PostgreSqlField.Time), ("user", PostgreSqlField.User), ("dbname", PostgreSqlField.Database),
            ("pid", PostgreSqlField.Process), ("remote_host", PostgreSqlField.Client), ("remote_port", PostgreSqlField.ClientPort),
            ("session_id", PostgreSqlField.Session), ("line_num", PostgreSqlField.LineNumber), ("ps", PostgreSqlField.CommandTag),
            ("session_start", PostgreSqlField.SessionStart), ("vxid", PostgreSqlField.VirtualTransaction),
            ("txid", PostgreSqlField.Transaction), ("error_severity", PostgreSqlField.Severity), ("state_code", PostgreSqlField.SqlState),
            ("message", PostgreSqlField.Message), ("detail", PostgreSqlField.Detail), ("hint", PostgreSqlField.Hint),
            ("internal_query", PostgreSqlField.InternalQuery), ("internal_position", PostgreSqlField.InternalPosition),
            ("context", PostgreSqlField.Context), ("statement", PostgreSqlField.Query),
            ("cursor_position", PostgreSqlField.CursorPosition), ("func_name", PostgreSqlField.FunctionName),
            ("file_name", PostgreSqlField.FileName), ("file_line_num", PostgreSqlField.FileLine),
            ("application_name", PostgreSqlField.Application), ("backend_type", PostgreSqlField.BackendType),
            ("leader_pid", PostgreSqlField.LeaderProcess), ("query_id", PostgreSqlField.QueryId),
        }.Select(entry => (Encoding.ASCII.GetBytes(entry.Name), entry.Field)),
    ];

    /// <summary>What a name stands for; <see cref="PostgreSqlField.Count"/> if that is not known.</summary>
    /// <param name="name">The name.</param>
    /// <param name="place">How many members came before: it is that place or, as some are left out, soon behind it.</param>
    public PostgreSqlField Find(ReadOnlySpan<byte> name, int place)
    {
        for (var i = 0; i < _names.Length; i++)
        {
            var (known, field) = _names[(place + i) % _names.Length];
            if (name.SequenceEqual(known))
            {
                return field;
            }
        }

        return PostgreSqlField.Count;
    }
}
