using Bitacora.Query;
using Bitacora.Records;

namespace Bitacora.Storage.Embedded.Querying;

/// <summary>Keeps the records of an answer's first rows, offered in any order, as many as fit. One thread.</summary>
/// <param name="rows">Rows of the answer.</param>
internal sealed class FirstRecords(int rows)
{
    private readonly LogRecord?[] _records = new LogRecord?[rows];
    private readonly int[] _sizes = new int[rows];
    private int _end = rows;
    private long _bytes;

    /// <summary>Why rows were left out; null where none was.</summary>
    public IncompleteReason? Cut => _end == _records.Length ? null : IncompleteReason.AnswerTooLarge(_end);

    /// <summary>Whether the row may still be shown; if not, it need not be read.</summary>
    public bool Wants(int row) => row < _end;

    /// <summary>Offers the record of a row; offered twice, it counts once.</summary>
    /// <param name="row">Its place in the answer.</param>
    /// <param name="record">The record.</param>
    /// <param name="bytes">Its encoded size; 0 where it was counted before.</param>
    public void Add(int row, LogRecord record, int bytes)
    {
        if (!Wants(row) || _records[row] is not null)
        {
            return;
        }

        (_records[row], _sizes[row]) = (record, bytes);
        _bytes += bytes;

        // What was not read yet behind the last row that fits cannot fit either. One row is shown, however large.
        while (_bytes > LogQuery.PageBytes && _end > 1)
        {
            _end--;
            _bytes -= _sizes[_end];
            _records[_end] = null;
        }
    }

    /// <summary>The records in the order of the rows; those that nobody offered are left out.</summary>
    public IEnumerable<LogRecord> InOrder() => _records.Take(_end).OfType<LogRecord>();
}
