using System.Globalization;
using System.Text.Json;
using Bitacora.Records;

namespace Bitacora.Delivery;

/// <summary>
/// A directory of records that no destination will ever take: per letter a file <c>.batch</c> in batch format and beside it a
/// <c>.json</c> with the reason. Bounded: when it is full, new letters are dropped and counted, and the first ones stay, which tell the
/// cause. Safe from any thread.
/// </summary>
public sealed class DeadLetters
{
    private const string BatchExtension = ".batch";
    private const string ReasonExtension = ".json";
    private const int MaxReasonBytes = 64 << 10;

    private readonly IWalFiles _files;
    private readonly long _maxBytes;
    private readonly TimeProvider _clock;

    // Guards the sizes and the writing of files.
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _sizes = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>Opens the directory.</summary>
    /// <param name="files">Where the letters are.</param>
    /// <param name="maxBytes">The most bytes of all letters; 256 MiB is usual.</param>
    /// <param name="clock">Gives the time of a letter.</param>
    /// <exception cref="IOException">The directory cannot be read.</exception>
    public DeadLetters(IWalFiles files, long maxBytes, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentOutOfRangeException.ThrowIfNegative(maxBytes);
        (_files, _maxBytes, _clock) = (files, maxBytes, clock);
        foreach (var name in files.List())
        {
            using var file = files.Open(name);
            SetSize(name, file.Length);
        }
    }

    /// <summary>The bytes of all letters.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return _bytes;
            }
        }
    }

    /// <summary>The number of letters.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _sizes.Keys.Count(name => name.EndsWith(BatchExtension, StringComparison.Ordinal));
            }
        }
    }

    /// <summary>
    /// Keeps records with the reason; the same records under the same sequence are kept once. Returns when they survive a loss of power.
    /// </summary>
    /// <returns>False if there is no room: then they are dropped.</returns>
    /// <exception cref="IOException">The disk is full or faulty; it may be tried again.</exception>
    public bool TryAdd(RecordBatch batch, ulong sequence, string reason)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(reason);
        var name = string.Create(CultureInfo.InvariantCulture, $"{sequence:D20}-{batch.Id.ToGuid():N}");
        var text = ReasonOf(batch, sequence, reason);
        lock (_gate)
        {
            var before = _sizes.GetValueOrDefault(name + BatchExtension) + _sizes.GetValueOrDefault(name + ReasonExtension);
            if (_bytes - before + batch.Bytes.Length + text.Length > _maxBytes)
            {
                return false;
            }

            // The reason first: a batch without one would be a riddle, a reason without a batch is only passed over.
            Write(name + ReasonExtension, text);
            Write(name + BatchExtension, batch.Bytes);
            _files.Flush();
            return true;
        }
    }

    /// <summary>Reads the letters, oldest sequence first. Those that cannot be read are passed over; their files stay.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public IEnumerable<DeadLetter> Read()
    {
        var names = _files.List().Where(name => name.EndsWith(BatchExtension, StringComparison.Ordinal));
        foreach (var name in names.Order(StringComparer.Ordinal))
        {
            var stem = name[..^BatchExtension.Length];
            if (TryRead(stem) is { } letter)
            {
                yield return letter;
            }
        }
    }

    private static byte[] ReasonOf(RecordBatch batch, ulong sequence, string reason, long time)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteString("reason", reason.Length > MaxReasonBytes / 8 ? reason[..(MaxReasonBytes / 8)] : reason);
            writer.WriteString("time", RecordTime.Format(time));
            writer.WriteNumber("sequence", sequence);
            writer.WriteNumber("records", batch.Count);
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }

    private byte[] ReasonOf(RecordBatch batch, ulong sequence, string reason) =>
        ReasonOf(batch, sequence, reason, RecordTime.Now(_clock));

    private void Write(string name, ReadOnlyMemory<byte> bytes)
    {
        using var file = _files.Create(name);
        SetSize(name, bytes.Length);
        file.Write([bytes], 0);
        file.Flush();
    }

    private void SetSize(string name, long size)
    {
        _bytes += size - _sizes.GetValueOrDefault(name);
        _sizes[name] = size;
    }

    private DeadLetter? TryRead(string stem)
    {
        var batch = ReadFile(stem + BatchExtension, RecordBatch.MaxBytes);
        if (batch is null)
        {
            return null;
        }

        try
        {
            var (time, reason) = ReadReason(stem + ReasonExtension);
            return new DeadLetter(stem, RecordBatch.Read(batch), time, reason);
        }
        catch (RecordFormatException)
        {
            return null;
        }
    }

    private (long Time, string Reason) ReadReason(string name)
    {
        try
        {
            if (ReadFile(name, MaxReasonBytes) is { } bytes)
            {
                using var document = JsonDocument.Parse(bytes);
                var root = document.RootElement;
                return (RecordTime.From(root.GetProperty("time").GetDateTimeOffset()), root.GetProperty("reason").GetString() ?? "");
            }
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or FormatException or InvalidOperationException or IOException)
        {
            // The records are what counts.
        }

        return (0, "the reason is lost");
    }

    private byte[]? ReadFile(string name, int maxBytes)
    {
        using var file = _files.Open(name);
        if (file.Length is 0 || file.Length > maxBytes)
        {
            return null;
        }

        var bytes = new byte[file.Length];
        return file.Read(bytes, 0) == bytes.Length ? bytes : null;
    }
}
