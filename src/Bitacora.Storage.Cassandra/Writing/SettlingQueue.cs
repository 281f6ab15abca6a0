using Bitacora.Records;
using Microsoft.Extensions.Logging;

namespace Bitacora.Storage.Cassandra.Writing;

/// <summary>
/// Written groups that must be sent again should a node go away: a node that is killed may lose what it acknowledged within the period of
/// its commit log. After the window they are settled, in order, and the write-ahead log may let them go. Safe from any thread.
/// </summary>
internal sealed class SettlingQueue(GroupJournal journal, bool keepBatches, TimeProvider clock, ILogger logger)
{
    // Guards the list, and the journal's settling.
    private readonly Lock _gate = new();
    private readonly LinkedList<Entry> _entries = [];
    private TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The batch through which everything is settled.</summary>
    public ulong DurableThrough
    {
        get
        {
            lock (_gate)
            {
                return journal.DurableThrough;
            }
        }
    }

    /// <summary>Ends with the next move of <see cref="DurableThrough"/>. Take it before looking.</summary>
    public Task Settled
    {
        get
        {
            lock (_gate)
            {
                return _settled.Task;
            }
        }
    }

    public void Add(RecordGroup group)
    {
        lock (_gate)
        {
            _entries.AddLast(new Entry(keepBatches ? group : null, group.ToSettled()));
        }
    }

    public void Written(RecordGroup group)
    {
        lock (_gate)
        {
            for (var node = _entries.Last; node is not null; node = node.Previous)
            {
                if (node.Value.What.First == group.First)
                {
                    node.Value.WrittenAt = clock.GetTimestamp();
                    node.Value.IsWritten = true;
                    return;
                }
            }
        }
    }

    /// <summary>
    /// A node went away: all groups here must be sent again, also those that are still being written, because a part of them may have been
    /// acknowledged before.
    /// </summary>
    /// <returns>How many they are.</returns>
    public int NodeWentAway()
    {
        lock (_gate)
        {
            foreach (var entry in _entries)
            {
                entry.MustComeAgain = true;
            }

            return _entries.Count;
        }
    }

    /// <summary>The groups that can be sent again now; they are not settled before <see cref="Release"/>.</summary>
    public IReadOnlyList<Entry> TakeToSendAgain()
    {
        lock (_gate)
        {
            var taken = _entries.Where(entry => entry is { MustComeAgain: true, IsWritten: true, IsBeingSent: false }).ToList();
            foreach (var entry in taken)
            {
                (entry.MustComeAgain, entry.IsBeingSent) = (false, true);
            }

            return taken;
        }
    }

    /// <summary>It was sent again: its window begins anew.</summary>
    public void Release(Entry entry)
    {
        lock (_gate)
        {
            entry.IsBeingSent = false;
            entry.WrittenAt = clock.GetTimestamp();
        }
    }

    /// <summary>Settles what is past the window.</summary>
    public void Settle(TimeSpan window)
    {
        lock (_gate)
        {
            var past = new List<SettledGroup>();
            foreach (var entry in _entries)
            {
                if (!entry.IsWritten || entry.MustComeAgain || entry.IsBeingSent || clock.GetElapsedTime(entry.WrittenAt) < window)
                {
                    break;
                }

                past.Add(entry.What);
            }

            if (past.Count == 0)
            {
                return;
            }

            try
            {
                journal.Settle(past, RecordTime.Now(clock));
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // Nothing is lost: the write-ahead log keeps it, and it is tried again.
                Log.WriterFailed(logger, e);
                return;
            }

            for (var i = 0; i < past.Count; i++)
            {
                _entries.RemoveFirst();
            }

            var settled = _settled;
            _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
            settled.TrySetResult();
        }
    }

    /// <summary>A group between its first send and its end here.</summary>
    internal sealed class Entry(RecordGroup? group, SettledGroup what)
    {
        public SettledGroup What { get; } = what;

        /// <summary>The group with its batches; null where they are read back from the write-ahead log.</summary>
        public RecordGroup? Group { get; } = group;

        public bool IsWritten { get; set; }

        public long WrittenAt { get; set; }

        /// <summary>Whether a node went away since it was sent last.</summary>
        public bool MustComeAgain { get; set; }

        public bool IsBeingSent { get; set; }
    }
}
