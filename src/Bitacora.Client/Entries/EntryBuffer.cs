using System.Buffers;
using System.Buffers.Binary;
using System.Text.Unicode;

namespace Bitacora.Client.Entries;

/// <summary>
/// The bytes of an entry under construction, at most as many as the log call may take. What does not fit leaves no trace but
/// <see cref="IsTruncated"/>.
/// </summary>
internal sealed class EntryBuffer
{
    // Kept from entry to entry; what a rare large entry needed is given back.
    private const int Kept = 64 << 10;

    private byte[] _bytes = new byte[1024];
    private int _limit;

    /// <summary>The bytes written so far. Set it back to undo.</summary>
    public int Length { get; set; }

    /// <summary>Whether something was cut or left out.</summary>
    public bool IsTruncated { get; set; }

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>Begins anew.</summary>
    public void Begin(int limit)
    {
        (_limit, Length, IsTruncated) = (limit, 0, false);
        if (_bytes.Length > Kept)
        {
            _bytes = new byte[1024];
        }
    }

    /// <summary>Lets the last bytes be used, which were kept for what stands at the end.</summary>
    public void Extend(int bytes) => _limit += bytes;

    /// <summary>Room for so many bytes, or nothing.</summary>
    public bool TryTake(int count, out Span<byte> room)
    {
        if (count > _limit - Length)
        {
            room = default;
            IsTruncated = true;
            return false;
        }

        Grow(Length + count);
        room = _bytes.AsSpan(Length, count);
        Length += count;
        return true;
    }

    public bool TryWrite(byte value)
    {
        if (!TryTake(1, out var room))
        {
            return false;
        }

        room[0] = value;
        return true;
    }

    public bool TryWrite(int value)
    {
        if (!TryTake(sizeof(int), out var room))
        {
            return false;
        }

        BinaryPrimitives.WriteInt32LittleEndian(room, value);
        return true;
    }

    /// <summary>A text, cut between characters at the limit; lone surrogates become U+FFFD.</summary>
    public bool TryWrite(ReadOnlySpan<char> text, int limit)
    {
        if (!TryTake(sizeof(int), out _))
        {
            return false;
        }

        var start = Length;
        var room = Math.Min(Math.Min(limit, _limit - start), (int)Math.Min(int.MaxValue, text.Length * 3L));
        Grow(start + room);
        var bytes = _bytes.AsSpan(start, room);
        IsTruncated |= Utf8.FromUtf16(text, bytes, out _, out var written) == OperationStatus.DestinationTooSmall;
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(start - sizeof(int)), written);
        Length = start + written;
        return true;
    }

    /// <summary>Writes a number at a place that was taken before.</summary>
    public void Set(int offset, int value) => BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(offset), value);

    private void Grow(int length)
    {
        if (_bytes.Length < length)
        {
            Array.Resize(ref _bytes, Math.Max(length, Math.Min(_bytes.Length * 2, _limit)));
        }
    }
}
