namespace Bitacora.Ingestion.Lines;

/// <summary>A time as a line gives it: what it leaves open, the context says when it is asked for.</summary>
/// <param name="Ticks">Units of 100 ns: Unix time with an offset, else local, or of the day.</param>
/// <param name="HasDate">Whether there is a date.</param>
/// <param name="HasOffset">Whether there is an offset.</param>
internal readonly record struct LineTime(long Ticks, bool HasDate, bool HasOffset)
{
    /// <summary>
    /// A date and a time, and an offset if one follows at once, or a signed one behind a blank: words behind a blank are the line's.
    /// </summary>
    public static bool TryTake(ref ByteCursor text, out LineTime time)
    {
        time = default;
        if (!TimeCursor.TryTakeDateTime(ref text, out var ticks))
        {
            return false;
        }

        var end = text.At;
        if (text.Next == ' ' && text.Peek(1) is (byte)'+' or (byte)'-')
        {
            text.At++;
        }

        long offset = 0;
        var hasOffset = text.Next is (byte)'Z' or (byte)'+' or (byte)'-' && TimeCursor.TryTakeOffset(ref text, out offset);
        text.At = hasOffset ? text.At : end;
        time = new LineTime(ticks - offset, HasDate: true, hasOffset);
        return true;
    }

    /// <summary>A date and a time, or a time alone.</summary>
    public static bool TryTakeWithOrWithoutDate(ref ByteCursor text, out LineTime time)
    {
        if (TryTake(ref text, out time))
        {
            return true;
        }

        if (text.Peek(2) != ':' || !TimeCursor.TryTakeTime(ref text, out var ticks))
        {
            return false;
        }

        time = new LineTime(ticks, HasDate: false, HasOffset: false);
        return true;
    }

    /// <summary>The time in Unix ticks.</summary>
    public long In(FormatContext context) =>
        HasOffset ? Ticks : context.FromLocal(HasDate ? Ticks : context.OnInputDate(Ticks));
}
