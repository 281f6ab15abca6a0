namespace Bitacora.Cli.Ingesting;

/// <summary>
/// How much of a file is worth reading: all of it, but for a last line without line end that is the begin of a JSON object, or that was
/// written this moment, because somebody is still writing it. Read now, its halves would become two bad lines.
/// </summary>
internal static class WholeLines
{
    // Longer lines are cut in any case.
    private const int LongestLine = 4 << 20;
    private const int Step = 64 << 10;

    /// <summary>The offset behind the last line to be read. The stream's place is where it was.</summary>
    /// <param name="file">The file.</param>
    /// <param name="isBeingWritten">Whether it was written a moment ago.</param>
    public static long EndOf(FileStream file, bool isBeingWritten)
    {
        var place = file.Position;
        var length = file.Length;
        try
        {
            for (var size = Step; ; size *= 8)
            {
                var begin = Math.Max(0, length - Math.Min(size, LongestLine));
                var tail = new byte[length - begin];
                file.Position = begin;
                var read = file.ReadAtLeast(tail, tail.Length, throwOnEndOfStream: false);
                var lastLine = tail.AsSpan(0, read).LastIndexOf((byte)'\n') + 1;
                if (lastLine > 0 || begin == 0)
                {
                    return UnfinishedLine.IsIn(tail.AsSpan(lastLine, read - lastLine), isBeingWritten) ? begin + lastLine : length;
                }

                if (size >= LongestLine)
                {
                    return length;
                }
            }
        }
        finally
        {
            file.Position = place;
        }
    }
}
