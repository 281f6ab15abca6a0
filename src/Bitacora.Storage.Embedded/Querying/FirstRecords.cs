using System.Globalization;
using Bitacora.Records;

namespace Bitacora.Storage.Embedded.Querying;

/// <summary>Keeps the records of an answer's first rows, offered in any order, as many as fit. One thread.</summary>
/// <param name="rows">Rows of the answer.</param>
internal sealed class FirstRecords(int rows)
{
    // As much as a page of rows has: sort may keep ten thousand records of the largest size.
    private const long MaxBytes = 64 << 20;

    private readonly LogRecord?[] _records = new LogRecord?[rows];
    private readonly int[] _sizes = new int[rows];
    private int _end = rows;
    private long _bytes;

    /// <summary>Why rows were left out; null where none was.</summary>
    public string? Cut => _end == _records.Length ? null : string.Create(
        CultureInfo.InvariantCulture,
        $"The {_records.Length} rows found hold more than {MaxBytes >> 20} MiB, so only the first {_end} are shown: narrow the search.");

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
        while (_bytes > MaxBytes && _end > 1)
        {
            _end--;
            _bytes -= _sizes[_end];
            _records[_end] = null;
        }
    }

    /// <summary>The records in the order of the rows; those that nobody offered are left out.</summary>
    public IEnumerable<LogRecord> InOrder() => _records.Take(_end).OfType<LogRecord>();
}
