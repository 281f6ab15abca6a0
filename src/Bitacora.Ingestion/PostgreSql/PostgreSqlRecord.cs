using System.Globalization;
using System.Text;
using Bitacora.Ingestion.JsonLines;
using Bitacora.Records;

namespace Bitacora.Ingestion.PostgreSql;

/// <summary>Under which names PostgreSQL's fields are stored, whichever of its three formats they stand in.</summary>
internal static class PostgreSqlRecord
{
    private static readonly byte[][] Unknown =
    [
        .. "[unknown] [desconocido] [unbekannt] [inconnu] [sconosciuto] [desconhecido] [н/д] [不明] [okänd] [알수없음] [未知]".Split(' ')
            .Select(Encoding.UTF8.GetBytes),
    ];

    public static ReadOnlySpan<byte> Source => "postgresql"u8;

    public static void Begin(RecordWriter record)
    {
        record.Layer = Layer.Infrastructure;
        record.SetText(NamedField.Source, Source);
    }

    /// <summary>Writes a field but the time. An empty value says nothing.</summary>
    public static void Write(PostgreSqlField field, ReadOnlySpan<byte> value, RecordWriter record)
    {
        if (value.IsEmpty)
        {
            return;
        }

        switch (field)
        {
            case PostgreSqlField.Severity:
                Severities.Write(value, record);
                break;
            case PostgreSqlField.Message:
                WriteMessage(value, record);
                break;
            case PostgreSqlField.Session:
                record.SetText(NamedField.SessionId, value);
                break;
            case PostgreSqlField.Connection:
                WriteConnection(value, record);
                break;
            case PostgreSqlField.Process or PostgreSqlField.ClientPort or PostgreSqlField.LineNumber or PostgreSqlField.LeaderProcess
                or PostgreSqlField.InternalPosition or PostgreSqlField.CursorPosition:
                WriteNumber(NameOf(field), value, record);
                break;
            case PostgreSqlField.Transaction or PostgreSqlField.QueryId:
                if (!value.SequenceEqual("0"u8))
                {
                    WriteNumber(NameOf(field), value, record);
                }

                break;
            case PostgreSqlField.SqlState:
                WriteUnless("00000"u8, field, value, record);
                break;
            case PostgreSqlField.LocalAddress:
                WriteUnless("[none]"u8, field, value, record);
                break;
            case PostgreSqlField.User or PostgreSqlField.Database or PostgreSqlField.Application:
                if (value[0] != '[' || !IsUnknown(value))
                {
                    record.AddAttribute(NameOf(field), value);
                }

                break;
            default:
                record.AddAttribute(NameOf(field), value);
                break;
        }
    }

    /// <summary>What stands for a name before the client said it, in the language of <c>lc_messages</c>.</summary>
    private static bool IsUnknown(ReadOnlySpan<byte> value)
    {
        foreach (var word in Unknown)
        {
            if (value.SequenceEqual(word))
            {
                return true;
            }
        }

        return false;
    }

    private static ReadOnlySpan<byte> NameOf(PostgreSqlField field) => field switch
    {
        PostgreSqlField.User => "user.name"u8,
        PostgreSqlField.Database => "db.namespace"u8,
        PostgreSqlField.Process => "process.pid"u8,
        PostgreSqlField.LineNumber => "postgresql.line_num"u8,
        PostgreSqlField.CommandTag => "postgresql.command_tag"u8,
        PostgreSqlField.SessionStart => "postgresql.session_start"u8,
        PostgreSqlField.VirtualTransaction => "postgresql.vxid"u8,
        PostgreSqlField.Transaction => "postgresql.txid"u8,
        PostgreSqlField.SqlState => "db.response.status_code"u8,
        PostgreSqlField.Detail => "postgresql.detail"u8,
        PostgreSqlField.Hint => "postgresql.hint"u8,
        PostgreSqlField.InternalQuery => "postgresql.internal_query"u8,
        PostgreSqlField.InternalPosition => "postgresql.internal_position"u8,
        PostgreSqlField.Context => "postgresql.context"u8,
        PostgreSqlField.Query => "db.query.text"u8,
        PostgreSqlField.CursorPosition => "postgresql.cursor_position"u8,
        PostgreSqlField.Location => "postgresql.location"u8,
        PostgreSqlField.Application => "postgresql.application_name"u8,
        PostgreSqlField.BackendType => "postgresql.backend_type"u8,
        PostgreSqlField.LeaderProcess => "postgresql.leader_pid"u8,
        PostgreSqlField.QueryId => "postgresql.query_id"u8,
        PostgreSqlField.Client => "client.address"u8,
        PostgreSqlField.ClientPort => "client.port"u8,
        PostgreSqlField.LocalAddress => "server.address"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(field)),
    };

    /// <summary>The message, and out of <c>duration: 3.193 ms  statement: select 1</c> the duration and the statement.</summary>
    private static void WriteMessage(ReadOnlySpan<byte> message, RecordWriter record)
    {
        record.SetText(NamedField.Message, message);
        if (!message.StartsWith("duration: "u8))
        {
            return;
        }

        message = message[10..];
        var end = message.IndexOf(" ms"u8);
        if (end < 0 || !JsonNumber.TryReadText(message[..end], out var duration))
        {
            return;
        }

        record.SetDuration(duration);
        message = message[(end + 3)..];
        if (message.StartsWith("  statement: "u8))
        {
            record.AddAttribute(NameOf(PostgreSqlField.Query), message[13..]);
        }
        else if (message.StartsWith("  execute "u8) && message.IndexOf(": "u8) is var colon and > 0)
        {
            record.AddAttribute(NameOf(PostgreSqlField.Query), message[(colon + 2)..]);
        }
    }

    private static void WriteConnection(ReadOnlySpan<byte> connection, RecordWriter record)
    {
        var isClosed = connection[^1] == ')';
        var at = connection[0] == '[' ? -1 : connection.LastIndexOf(isClosed ? (byte)'(' : (byte)':');
        var port = isClosed ? connection[(at + 1)..^1] : connection[(at + 1)..];
        if (at > 0 && int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= ushort.MaxValue)
        {
            record.AddAttribute(NameOf(PostgreSqlField.Client), connection[..at]);
            record.AddAttribute(NameOf(PostgreSqlField.ClientPort), (long)number);
        }
        else
        {
            record.AddAttribute(NameOf(PostgreSqlField.Client), connection);
        }
    }

    private static void WriteNumber(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, RecordWriter record)
    {
        if (JsonNumber.TryReadInteger(value, out var number))
        {
            record.AddAttribute(name, number);
        }
        else
        {
            record.AddAttribute(name, value);
        }
    }

    private static void WriteUnless(ReadOnlySpan<byte> nothing, PostgreSqlField field, ReadOnlySpan<byte> value, RecordWriter record)
    {
        if (!value.SequenceEqual(nothing))
        {
            record.AddAttribute(NameOf(field), value);
        }
    }
}
