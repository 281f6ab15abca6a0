using System.Collections.Concurrent;
using Bitacora.Cql;
using Bitacora.Delivery;
using Bitacora.Records;
using Bitacora.Storage.Cassandra.Schema;
using Microsoft.Extensions.Logging;

namespace Bitacora.Storage.Cassandra.Writing;

/// <summary>
/// Writes slices: rows and their manifest in one mutation, again and again until the cluster has it, always the same bytes. What it
/// refuses for good is halved until the records that it refuses are found. Safe from any thread.
/// </summary>
internal sealed class SliceWriter(
    ClusterLink link, LateMarks late, WriteLimit limit, string writer, TimeProvider clock, ILogger logger)
{
    // About three seconds of trying.
    private const int TroubleAfter = 5;

    private readonly ConcurrentBag<Workspace> _workspaces = [];

    /// <summary>Why slices fail again and again; null once one was written.</summary>
    public string? Trouble { get; private set; }

    /// <exception cref="OperationCanceledException">The store closes.</exception>
    public async Task WriteAsync(RecordGroup group, Slice slice, CancellationToken cancellationToken)
    {
        var retry = new RetrySchedule(Random.Shared);
        while (true)
        {
            try
            {
                await TryWriteAsync(group, slice, cancellationToken).ConfigureAwait(false);
                Trouble = null;
                return;
            }
            catch (CqlServerException e) when (IsAboutRecords(e))
            {
                await HalveAsync(group, slice, e.Message, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                var wait = retry.Next();
                Log.SliceFailed(logger, slice.Rows.Count, retry.Failures, wait.TotalMilliseconds, e.Message);
                Trouble = retry.Failures >= TroubleAfter ? $"Records cannot be written to the cluster: {e.Message}" : Trouble;
                await Task.Delay(wait, clock, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>
    /// Whether the refusal is the records' own fault: they are too large for something. A missing table or a full disk refuses too, and
    /// records wait for those to be mended.
    /// </summary>
    private static bool IsAboutRecords(CqlServerException e) =>
        e.Code == CqlErrorCode.Invalid
        && !e.Message.Contains("disk usage", StringComparison.OrdinalIgnoreCase)
        && (e.Message.Contains("size", StringComparison.OrdinalIgnoreCase)
            || e.Message.Contains("too big", StringComparison.OrdinalIgnoreCase)
            || e.Message.Contains("too large", StringComparison.OrdinalIgnoreCase)
            || e.Message.Contains("oversized", StringComparison.OrdinalIgnoreCase));

    private async Task TryWriteAsync(RecordGroup group, Slice slice, CancellationToken cancellationToken)
    {
        var place = await limit.EnterAsync(cancellationToken).ConfigureAwait(false);
        var hasFailed = true;
        try
        {
            await late.MarkAsync(slice, cancellationToken).ConfigureAwait(false);
            await SendAsync(group, slice, cancellationToken).ConfigureAwait(false);
            hasFailed = false;
        }
        catch (CqlServerException e) when (IsAboutRecords(e))
        {
            // The cluster is well.
            hasFailed = false;
            throw;
        }
        finally
        {
            limit.Leave(place, hasFailed);
        }
    }

    private async Task SendAsync(RecordGroup group, Slice slice, CancellationToken cancellationToken)
    {
        var workspace = _workspaces.TryTake(out var free) ? free : new Workspace();
        try
        {
            workspace.Fill(group, slice, link, writer);
            (await link.Session.ExecuteAsync(workspace.Batch, link.Write, cancellationToken).ConfigureAwait(false)).Dispose();
        }
        finally
        {
            workspace.Batch.Clear();
            _workspaces.Add(workspace);
        }
    }

    private async Task HalveAsync(RecordGroup group, Slice slice, string reason, CancellationToken cancellationToken)
    {
        if (slice.Rows.Count == 1)
        {
            group.Refuse(slice.Rows[0], reason);
            return;
        }

        // The ids of the halves are functions of the whole one's: a replay is refused again and halves alike.
        var middle = slice.Rows.Count / 2;
        foreach (var (begin, end) in new[] { (0, middle), (middle, slice.Rows.Count) })
        {
            var id = RecordId.Create(slice.Id.Time, Hash60.Of([.. Bytes(slice.Id), (byte)(begin == 0 ? 0 : 1)]));
            var rows = slice.Rows.Skip(begin).Take(end - begin).ToArray();
            await WriteAsync(group, slice with { Id = id, Rows = rows }, cancellationToken).ConfigureAwait(false);
        }
    }

    private static byte[] Bytes(RecordId id)
    {
        var bytes = new byte[RecordId.Size];
        id.Write(bytes);
        return bytes;
    }

    /// <summary>What one slice is made in.</summary>
    private sealed class Workspace
    {
        private readonly ManifestBuilder _manifest = new();
        private readonly AttributeOrder _order = new();

        public UnloggedBatch Batch { get; } = new();

        public void Fill(RecordGroup group, Slice slice, ClusterLink link, string writer)
        {
            var insert = link.Statements.InsertRecord(slice.Layer);
            var indexed = IndexedText.For(link.IsIndexed);

            // Given to the rows too, though their table has one: it may have been changed just now, and rows whose manifest ends before
            // them are found no more.
            var timeToLive = link.TimeToLive(slice.Layer);
            _manifest.Begin(indexed);
            foreach (var row in slice.Rows)
            {
                var record = group.Batches[row.Batch][row.Index];
                Batch.Add(insert, new RecordValues(slice.Key, record, _order, indexed, timeToLive));
                _manifest.Add(record);
            }

            Batch.Add(link.Statements.InsertManifest, new ManifestValues(slice, _manifest, writer, timeToLive));
            Batch.Timestamp = group.Timestamp;
        }
    }
}
