using Bitacora.Ingestion.Lines;

namespace Bitacora.Ingestion.Nginx;

/// <summary>What every line of nginx's error log begins with.</summary>
internal ref struct NginxErrorHead
{
    public long LocalTicks { get; private set; }

    public ReadOnlySpan<byte> Level { get; private set; }

    public long ProcessId { get; private set; }

    public long ThreadId { get; private set; }

    /// <summary>0 for none.</summary>
    public long Connection { get; private set; }

    public ReadOnlySpan<byte> Text { get; private set; }

    public static bool TryTake(ReadOnlySpan<byte> line, out NginxErrorHead head)
    {
        head = default;
        var text = new ByteCursor(line);
        if (text.Peek(4) != '/' || !TimeCursor.TryTakeDateTime(ref text, out var ticks) || !text.TryTake((byte)' ')
            || !text.TryTakeBracketed(out var level) || !LevelNames.IsWebServers(level) || !text.TryTake((byte)' ')
            || !text.TryTakeNumber(out var process) || !text.TryTake((byte)'#') || !text.TryTakeNumber(out var thread)
            || !text.TryTake((byte)':'))
        {
            return false;
        }

        text.TryTake((byte)' ');
        (head.LocalTicks, head.ProcessId, head.ThreadId) = (ticks, process, thread);
        head.Level = level;
        var start = text.At;
        if (text.TryTake((byte)'*') && text.TryTakeNumber(out var connection) && text.TryTake((byte)' '))
        {
            head.Connection = connection;
        }
        else
        {
            text.At = start;
        }

        head.Text = text.Rest;
        return true;
    }
}
