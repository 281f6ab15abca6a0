using System.Security.Cryptography;
using Bitacora.Delivery.Wal;
using Bitacora.Records;

namespace Bitacora.Delivery;

/// <summary>
/// Append-only files of frozen batches that wait for their destination. What <see cref="Flush"/> returned for survives SIGKILL and loss
/// of power. Format: <c>docs/wal-format.md</c>.
/// </summary>
/// <remarks>
/// <see cref="Recover"/> first, to its end. Then one thread at a time appends and flushes; <see cref="Read"/>, <see cref="DropThrough"/>
/// and the properties may be used from any thread. Sequences begin at 1, ascend without gaps and never come again, also after everything
/// was dropped.
/// </remarks>
public sealed class WriteAheadLog : IDisposable
{
    private readonly IWalFiles _files;
    private readonly WalOptions _options;
    private readonly TimeProvider _clock;
    private readonly Action<string, Exception> _failFast;
    private readonly List<ReadOnlyMemory<byte>> _buffers = [];

    private readonly WalFileSet _set = new();

    // From here on: the appending thread's own. Whether it made a file since it last fsynced the directory.
    private bool _namesUnsafe;
    private bool _bytesUnsafe;
    private byte[] _headers = new byte[WalEntryHeader.Size * 64];
    private IWalFile? _active;
    private ulong _marker;
    private long _length;
    private bool _torn;
    private uint _skipped;
    private ulong _next;
    private volatile bool _dead;

    /// <summary>Makes a log; nothing is read yet.</summary>
    /// <param name="files">Where the files are; no other process may write there.</param>
    /// <param name="options">How files are cut.</param>
    /// <param name="clock">Gives arrival times.</param>
    /// <param name="failFast">
    /// Ends the process after a failed fsync; default <see cref="Environment.FailFast(string, Exception)"/>. Should it return, the log
    /// never writes again.
    /// </param>
    public WriteAheadLog(IWalFiles files, WalOptions options, TimeProvider clock, Action<string, Exception>? failFast = null)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.FileBytes, 1 << 10);
        (_files, _options, _clock) = (files, options, clock);
        _failFast = failFast ?? Environment.FailFast;
    }

    /// <summary>What was found when the log was opened; complete once <see cref="Recover"/> is.</summary>
    public WalRecovery Recovery { get; private set; } = new();

    /// <summary>Whether fsync failed: nothing is known any more about what was written last.</summary>
    internal bool IsDead => _dead;

    /// <summary>The sequence that the next batch gets.</summary>
    public ulong NextSequence => Volatile.Read(ref _next);

    /// <summary>The bytes of all files.</summary>
    public long Bytes => _set.Bytes;

    /// <summary>The number of files.</summary>
    public int Files => _set.Count;

    /// <summary>
    /// Reads the log: gives the batches behind the destination's position, in order, cuts a torn tail and names each loss in
    /// <see cref="Recovery"/>. When the enumeration has ended the log can be appended to.
    /// </summary>
    /// <param name="durableThrough">What the destination has (<see cref="IBatchDestination.DurableThrough"/>).</param>
    /// <param name="usedThrough">New batches get sequences behind it (<see cref="IBatchDestination.UsedThrough"/>).</param>
    /// <exception cref="IOException">A file cannot be opened.</exception>
    /// <exception cref="WalVersionException">A newer version wrote a file.</exception>
    public IEnumerable<WalEntry> Recover(ulong durableThrough, ulong usedThrough = 0)
    {
        if (_next != 0)
        {
            throw new InvalidOperationException("The log was recovered before.");
        }

        var scan = new WalScan(_files, durableThrough, Math.Max(durableThrough, usedThrough));
        foreach (var entry in scan.Read())
        {
            yield return entry;
        }

        Recovery = scan.Recovery;
        _skipped = scan.Skipped;
        _set.Recovered(scan.Closed, Recovery.NextSequence - 1);
        Volatile.Write(ref _next, Recovery.NextSequence);
        BeginFirstFile();
    }

    /// <summary>
    /// Reads batches again, in order, while the log is appended to and files are removed: from a sequence to another, as far as they are
    /// flushed when the reader comes there. Holds one batch at a time and an open file; batches whose files were removed are passed over.
    /// </summary>
    /// <param name="first">The first sequence wanted.</param>
    /// <param name="last">The last one; <see cref="ulong.MaxValue"/> for all that is flushed.</param>
    /// <param name="lost">Told of each loss before that, as <see cref="Recovery"/> names those of the start; those come again.</param>
    /// <exception cref="InvalidOperationException">The log was not recovered yet.</exception>
    /// <exception cref="IOException">A file cannot be opened; it may be tried again.</exception>
    public IEnumerable<WalEntry> Read(ulong first, ulong last, Action<WalLoss>? lost = null)
    {
        if (NextSequence == 0)
        {
            throw new InvalidOperationException("The log was not recovered yet.");
        }

        return new WalReadBack(_files, _set, lost ?? (static _ => { })).Read(first, last);
    }

    /// <summary>
    /// Appends a group of batches: all of them or none. They are safe when <see cref="Flush"/> has returned.
    /// </summary>
    /// <returns>The sequence of the first batch; the others follow.</returns>
    /// <exception cref="WalUnavailableException">The disk is full or faulty; nothing was taken, and a later call may succeed.</exception>
    public ulong Append(IReadOnlyList<RecordBatch> group)
    {
        ArgumentNullException.ThrowIfNull(group);
        ThrowUnlessReady();
        try
        {
            return Write(group);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            TryCutTorn();
            throw new WalUnavailableException($"The write-ahead log cannot be written: {e.Message}", e);
        }
    }

    /// <summary>
    /// Returns when all that was appended survives a loss of power. When fsync fails the process ends: what the system dropped from its
    /// cache would be acknowledged by the next fsync that succeeds.
    /// </summary>
    /// <exception cref="WalUnavailableException">fsync failed, and the process was not ended.</exception>
    public void Flush()
    {
        ThrowUnlessReady();
        try
        {
            _active?.Flush();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Die(e);
        }

        if (_namesUnsafe)
        {
            FlushNames();
            _namesUnsafe = false;
        }

        _bytesUnsafe = false;
        _set.Flushed(_next - 1);
    }

    /// <summary>
    /// Removes the files of which the destination has everything. What cannot be removed is tried again at the next call. One caller at
    /// a time; appending goes on meanwhile.
    /// </summary>
    /// <returns>The number of files removed.</returns>
    /// <exception cref="IOException">A file could not be removed.</exception>
    public int DropThrough(ulong sequence)
    {
        List<WalClosedFile> files = _dead ? [] : _set.Take(sequence);
        if (files.Count == 0)
        {
            return 0;
        }

        // Otherwise a loss of power could take a file that was made just now and leave these removed.
        FlushNames();
        var removed = 0;
        try
        {
            for (; removed < files.Count; removed++)
            {
                _files.Delete(files[removed].Name);
            }
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(e.Message, e);
        }
        finally
        {
            _set.GiveBack(files[removed..]);
        }

        FlushNames();
        return removed;
    }

    /// <summary>Closes the file. What was not flushed may be lost.</summary>
    public void Dispose()
    {
        _dead = true;
        _active?.Dispose();
    }

    private ulong Write(IReadOnlyList<RecordBatch> group)
    {
        if (_torn)
        {
            CutTorn();
        }

        long bytes = 0;
        foreach (var batch in group)
        {
            bytes += WalEntryHeader.Size + batch.Bytes.Length;
        }

        if (_active is null || (_length > WalFileHeader.Size && _length + bytes > _options.FileBytes))
        {
            BeginFile();
        }

        FillBuffers(group);
        _torn = true;
        _active!.Write(_buffers, _length);
        _torn = false;
        _buffers.Clear();
        _length += bytes;
        _bytesUnsafe = true;
        _set.Wrote(_length);
        var first = _next;
        Volatile.Write(ref _next, _next + (ulong)group.Count);
        return first;
    }

    private void FillBuffers(IReadOnlyList<RecordBatch> group)
    {
        if (_headers.Length < group.Count * WalEntryHeader.Size)
        {
            _headers = new byte[group.Count * WalEntryHeader.Size * 2];
        }

        _buffers.Clear();
        var arrival = RecordTime.Now(_clock);
        for (var i = 0; i < group.Count; i++)
        {
            var header = _headers.AsMemory(i * WalEntryHeader.Size, WalEntryHeader.Size);
            new WalEntryHeader(_marker, _next + (ulong)i, arrival, group[i].Bytes.Length).Write(header.Span);
            _buffers.Add(header);
            _buffers.Add(group[i].Bytes);
        }
    }

    /// <summary>
    /// At the start, so that there is always a file whose name says where sequences go on. A full disk must not prevent it.
    /// </summary>
    private void BeginFirstFile()
    {
        try
        {
            BeginFile();
            Flush();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The first append tries again, and says why it cannot.
        }
    }

    private void BeginFile()
    {
        if (_bytesUnsafe)
        {
            // Nobody flushes a closed file.
            Flush();
        }

        var name = WalFileName.Of(_next);
        var marker = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
        var header = new byte[WalFileHeader.Size];
        new WalFileHeader(marker, _next, _skipped).Write(header);
        var file = _files.Create(name);
        try
        {
            file.Write([header], 0);
        }
        catch
        {
            file.Dispose();
            throw;
        }

        _active?.Dispose();
        _set.Begin(name, _next - 1);
        (_active, _marker, _length, _skipped, _namesUnsafe) = (file, marker, WalFileHeader.Size, 0, true);
    }

    private void FlushNames()
    {
        try
        {
            _files.Flush();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Die(e);
        }
    }

    private void CutTorn()
    {
        _active!.Truncate(_length);
        _torn = false;
    }

    private void TryCutTorn()
    {
        try
        {
            if (_torn)
            {
                CutTorn();
            }
        }
        catch (IOException)
        {
            // Nothing is appended before this succeeds; the next append tries again.
        }
    }

    private void ThrowUnlessReady()
    {
        if (_dead)
        {
            throw new WalUnavailableException("The write-ahead log is closed.");
        }

        if (_next == 0)
        {
            throw new InvalidOperationException("The log was not recovered yet.");
        }
    }

    private void Die(Exception e)
    {
        _dead = true;
        const string Message =
            "fsync of the write-ahead log failed: what was written may be lost, and nothing may be acknowledged any more.";
        _failFast(Message, e);
        throw new WalUnavailableException(Message, e);
    }
}
