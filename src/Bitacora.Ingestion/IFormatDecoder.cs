namespace Bitacora.Ingestion;

/// <summary>
/// Knows the lines of one log format: where a record begins, and what it says. An instance reads one input; it keeps buffers, so one thread
/// at a time.
/// </summary>
/// <remarks>
/// <see cref="ILineDecoder.Decode"/> gets all lines of a record as one text with <c>\n</c> between them, without the last line's end.
/// </remarks>
public interface IFormatDecoder : ILineDecoder
{
    /// <summary>
    /// What a line is in this format, judged by its own bytes alone: a file that is read again from any record on must be cut alike.
    /// Cheap, for it sees every line: it allocates nothing and parses no more than the line's shape needs.
    /// </summary>
    /// <param name="line">A line that is not blank, without its end.</param>
    /// <param name="key">
    /// Of <see cref="LineRole.Start"/> and <see cref="LineRole.Part"/>: who wrote it, such as a process id, where lines of several writers
    /// stand between each other; else 0. Such a record stays open for its parts while others begin.
    /// </param>
    LineRole Classify(ReadOnlySpan<byte> line, out long key);

    /// <summary>
    /// Whether a record of this format goes on behind a line that <see cref="Classify"/> calls <see cref="LineRole.Text"/>, or behind a
    /// blank one. Only for formats to which the line alone does not say it.
    /// </summary>
    /// <param name="record">The lines of the record so far.</param>
    /// <param name="line">
    /// The next line; empty for a blank one (unless <see cref="IsVerbatim"/>), which becomes a part of the record only if another line
    /// follows.
    /// </param>
    bool GoesOn(ReadOnlySpan<byte> record, ReadOnlySpan<byte> line) => true;

    /// <summary>
    /// Whether a record ends within quotes, so that a line which <see cref="Classify"/> calls <see cref="LineRole.Text"/> is of it whatever
    /// else it looks like.
    /// </summary>
    /// <param name="record">The lines of the record so far.</param>
    bool IsUnfinished(ReadOnlySpan<byte> record) => false;

    /// <summary>
    /// Whether a record's text has every byte of its lines, a <c>\r</c> before a line's end and the blanks of blank lines too: for formats
    /// that say how long a value is. Counts where a whole input has the format. Default false.
    /// </summary>
    bool IsVerbatim => false;
}
