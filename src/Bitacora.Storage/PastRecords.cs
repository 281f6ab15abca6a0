using System.Runtime.CompilerServices;
using Bitacora.Query;
using Bitacora.Records;

namespace Bitacora.Storage;

/// <summary>
/// The stored records since a time that a filter takes, oldest first: where a live tail begins. Read in slices of time that are halved
/// until one page holds them, so that memory does not grow with the range.
/// </summary>
/// <param name="ask">Answers a query of a store.</param>
/// <param name="query">Its filter decides; its range and stages do not.</param>
/// <param name="from">The first time, in units of 100 ns since 1970.</param>
/// <param name="end">Behind the last time.</param>
public sealed class PastRecords(
    Func<LogQuery, CancellationToken, Task<IReadOnlyList<AnswerPart>>> ask, LogQuery query, long from, long end)
{
    private const int PageSize = QueryContext.MaximumPageSize;

    /// <summary>Reads them.</summary>
    public async IAsyncEnumerable<LogRecord> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var length = RecordTime.Day;
        for (var start = from; start < end;)
        {
            var slice = new TimeRange(start, Math.Min(end, start + length));
            var (rows, isWhole) = await PageAsync(slice, cancellationToken).ConfigureAwait(false);
            if (!isWhole && length > 1)
            {
                length /= 2;
                continue;
            }

            for (var i = rows.Count - 1; i >= 0; i--)
            {
                yield return rows[i];
            }

            start = slice.To;
            length = Math.Min(length * 2, 366 * RecordTime.Day);
        }
    }

    private async Task<(List<LogRecord> Rows, bool IsWhole)> PageAsync(TimeRange slice, CancellationToken cancellationToken)
    {
        var rows = new List<LogRecord>();
        RecordId? after = null;
        while (true)
        {
            Cursor? next = null;
            var page = query.RowsIn(slice, PageSize, after);
            foreach (var part in await ask(page, cancellationToken).ConfigureAwait(false))
            {
                switch (part)
                {
                    case AnswerRecord row:
                        rows.Add(row.Record);
                        break;
                    case AnswerEnd last:
                        next = last.Cursor;
                        break;
                }
            }

            // One tick may hold more than a page; it cannot be halved, so its pages are gathered.
            if (next is null || slice.To - slice.From > 1)
            {
                return (rows, next is null);
            }

            after = next.Last;
        }
    }
}
