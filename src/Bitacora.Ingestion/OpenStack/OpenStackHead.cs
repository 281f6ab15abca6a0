using Bitacora.Ingestion.Lines;
using Bitacora.Records;

namespace Bitacora.Ingestion.OpenStack;

/// <summary>
/// What oslo.log writes before a text: <c>2026-11-23 06:51:01.944 2931 INFO nova.compute.manager [req-…] </c>. The lines of an exception
/// have the same without the brackets.
/// </summary>
internal ref struct OpenStackHead
{
    /// <summary>The file that a collector took the line from, without what follows <c>.log</c>; empty if the line does not say.</summary>
    public ReadOnlySpan<byte> Service { get; private set; }

    /// <summary>The local date and time.</summary>
    public long Local { get; private set; }

    public long Process { get; private set; }

    public ReadOnlySpan<byte> LevelWord { get; private set; }

    public ReadOnlySpan<byte> Logger { get; private set; }

    /// <summary>Whether it is a line of an exception, which belongs to the record before of the same process.</summary>
    public bool IsOfException { get; private set; }

    /// <summary>What the brackets hold: <c>-</c>, or a request and who made it.</summary>
    public ReadOnlySpan<byte> Context { get; private set; }

    /// <summary>Takes all up to the text.</summary>
    public static bool TryTake(ref ByteCursor line, out OpenStackHead head)
    {
        head = default;
        if (line.Next is >= (byte)'a' and <= (byte)'z')
        {
            var file = line.TakeWord();
            var end = file.IndexOf(".log"u8);
            if (end <= 0 || !line.TryTake((byte)' '))
            {
                return false;
            }

            head.Service = file[..end];
        }

        if (!TimeCursor.TryTakeDateTime(ref line, out var local) || !line.TryTake((byte)' ') || !line.TryTakeNumber(out var process)
            || !line.TryTake((byte)' '))
        {
            return false;
        }

        head.Local = local;
        head.Process = process;
        head.LevelWord = line.TakeWord();
        if (!IsLevel(head.LevelWord) || !line.TryTake((byte)' '))
        {
            return false;
        }

        head.Logger = line.TakeUntilBlankOrLineEnd();
        if (head.Logger.IsEmpty || (head.Logger[0] | 0x20) is < 'a' or > 'z')
        {
            return false;
        }

        line.TryTake((byte)' ');
        var start = line.At;
        if (line.TryTakeBracketed(out var context)
            && (context.SequenceEqual("-"u8) || context.StartsWith("req-"u8) || context.StartsWith("None "u8)))
        {
            line.TryTake((byte)' ');
            head.Context = context;
            return true;
        }

        line.At = start;
        head.IsOfException = true;
        return head.LevelWord.SequenceEqual("ERROR"u8) || head.LevelWord.SequenceEqual("CRITICAL"u8)
            || head.LevelWord.SequenceEqual("TRACE"u8);
    }

    private static bool IsLevel(ReadOnlySpan<byte> word) => word.SequenceEqual("AUDIT"u8) || Levels.TryParse(word, out _);
}
