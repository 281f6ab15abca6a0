using Bitacora.Ingestion.Lines;

namespace Bitacora.Ingestion.Apache;

/// <summary>What a line of Apache's error log begins with: brackets with time, level, process and client.</summary>
internal ref struct ApacheErrorHead
{
    public long LocalTicks { get; private set; }

    public ReadOnlySpan<byte> Level { get; private set; }

    /// <summary>Empty in version 2.2, and where a module does not say its name.</summary>
    public ReadOnlySpan<byte> Module { get; private set; }

    /// <summary>Whether the level stands behind the place of a module: since version 2.4.</summary>
    public bool HasModule { get; private set; }

    /// <summary>0 for none.</summary>
    public long ProcessId { get; private set; }

    /// <summary>0 for none.</summary>
    public long ThreadId { get; private set; }

    /// <summary>With its port in version 2.4; empty for none.</summary>
    public ReadOnlySpan<byte> Client { get; set; }

    public ReadOnlySpan<byte> Text { get; private set; }

    /// <summary>Takes time and level, which say that a line is of this format.</summary>
    public static bool TryTake(ReadOnlySpan<byte> line, out ApacheErrorHead head)
    {
        head = default;
        var text = new ByteCursor(line);
        if (!TryTakeTime(ref text, out var ticks) || !text.TryTake((byte)' ') || !text.TryTakeBracketed(out var level))
        {
            return false;
        }

        var colon = level.LastIndexOf((byte)':');
        head.HasModule = colon >= 0;
        head.Module = head.HasModule ? level[..colon] : default;
        head.Level = level[(colon + 1)..];
        head.LocalTicks = ticks;
        head.Text = text.Rest;
        return LevelNames.IsWebServers(head.Level) || IsTrace(head.Level);
    }

    /// <summary>Takes the other brackets, and leaves the text.</summary>
    public void TakeOthers()
    {
        var text = new ByteCursor(Text);
        while (text.StartsWith(" ["u8))
        {
            var start = text.At++;
            if (!text.TryTakeBracketed(out var inside) || !TryTakeOther(inside))
            {
                text.At = start;
                break;
            }
        }

        text.TryTake((byte)' ');
        Text = text.Rest;
    }

    private bool TryTakeOther(ReadOnlySpan<byte> inside)
    {
        if (inside.StartsWith("client "u8) || inside.StartsWith("remote "u8))
        {
            Client = inside[7..];
            return true;
        }

        var text = new ByteCursor(inside);
        if (!text.TryTake("pid "u8) || !text.TryTakeNumber(out var process))
        {
            return false;
        }

        long thread = 0;
        if (!text.IsAtEnd && (!text.TryTake(":tid "u8) || !text.TryTakeNumber(out thread) || !text.IsAtEnd))
        {
            return false;
        }

        (ProcessId, ThreadId) = (process, thread);
        return true;
    }

    /// <summary><c>[Mon Nov 23 06:42:18.902022 2026]</c>; version 2.2 has no fraction.</summary>
    private static bool TryTakeTime(ref ByteCursor text, out long ticks)
    {
        ticks = 0;
        if (text.Next != '[' || text.Peek(4) != ' ' || text.Peek(8) != ' ' || text.Peek(11) != ' ')
        {
            return false;
        }

        var month = MonthNames.Parse(text.Between(5, 8));
        var tens = text.Peek(9) == ' ' ? 0 : text.Peek(9) - '0';
        var day = (tens * 10) + text.Peek(10) - '0';
        text.At = 12;
        return (uint)tens <= 3 && TimeCursor.TryTakeTime(ref text, out var time) && text.TryTake((byte)' ')
            && text.TryTakeDigits(4, 4, out var year) && text.TryTake((byte)']')
            && TimeCursor.TryDay(year, month, day, out ticks) && (ticks += time) > 0;
    }

    public static bool IsTrace(ReadOnlySpan<byte> word) =>
        word.StartsWith("trace"u8) && word.Length == 6 && word[5] is >= (byte)'1' and <= (byte)'8';
}
