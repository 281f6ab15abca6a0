using Bitacora.Ingestion.Lines;

namespace Bitacora.Ingestion.Syslog;

/// <summary>Priority, time, host and tag of a syslog line, each of which but the time may be missing.</summary>
internal ref struct SyslogHead
{
    /// <summary>-1 for none.</summary>
    public int Priority { get; private set; }

    /// <summary>Unix ticks.</summary>
    public long Time { get; private set; }

    public ReadOnlySpan<byte> Host { get; private set; }

    public SyslogTag Tag { get; private set; }

    public ReadOnlySpan<byte> Text { get; private set; }

    public static bool TryTake(ReadOnlySpan<byte> line, FormatContext context, out SyslogHead head)
    {
        head = default;
        var text = new ByteCursor(line);
        head.Priority = SyslogPriority.TryTake(ref text, out var priority) ? priority : -1;
        if (!TryTakeTime(ref text, context, out var time) || !text.TryTake((byte)' '))
        {
            return false;
        }

        head.Time = time;
        text.SkipBlanks();
        var word = text.Rest;
        word = word[..Math.Max(0, word.IndexOf((byte)' '))];
        if (!word.IsEmpty && !IsMarkedTag(word))
        {
            head.Host = word;
            text.At += word.Length + 1;
            text.SkipBlanks();
        }

        // A single word is a text, and so is what the daemon itself says of the lines before.
        if ((!word.IsEmpty || IsMarkedTag(text.Rest)) && !IsOfDaemon(text.Rest) && SyslogTag.TryTake(ref text, out var tag))
        {
            head.Tag = tag;
            text.SkipBlanks();
        }

        head.Text = text.Rest;
        return true;
    }

    private static bool TryTakeTime(ref ByteCursor text, FormatContext context, out long time)
    {
        if (TimeCursor.TryTakeSyslogTime(ref text, context, out time))
        {
            time = context.FromLocal(time);
            return true;
        }

        if (text.Peek(10) != 'T' || !TimeCursor.TryTakeDateTime(ref text, out time))
        {
            return false;
        }

        time = TimeCursor.TryTakeOffset(ref text, out var offset) ? time - offset : context.FromLocal(time);
        return true;
    }

    /// <summary>The host is missing: the first word ends as only a tag does. An address such as <c>fe80::</c> is a host.</summary>
    private static bool IsMarkedTag(ReadOnlySpan<byte> word) => word.Length > 1 && word[^1] == ':' && word[^2] != ':';

    private static bool IsOfDaemon(ReadOnlySpan<byte> text) =>
        text.SequenceEqual("-- MARK --"u8) || (text.StartsWith("last message repeated "u8) && text.EndsWith("times"u8));
}
