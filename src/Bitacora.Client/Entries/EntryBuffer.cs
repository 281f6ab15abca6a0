using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;
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

    private readonly KnownTexts _known = new();
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
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTake(int count, out Span<byte> room)
    {
        var (bytes, length) = (_bytes, Length);
        if ((uint)(length + count) <= (uint)bytes.Length && count <= _limit - length)
        {
            room = bytes.AsSpan(length, count);
            Length = length + count;
            return true;
        }

        return TryTakeMore(count, out room);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryWrite(byte value)
    {
        if (!TryTake(1, out var room))
        {
            return false;
        }

        room[0] = value;
        return true;
    }

    /// <summary>Two bytes: a tag and what says more of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryWrite(byte first, byte second)
    {
        if (!TryTake(2, out var room))
        {
            return false;
        }

        (room[0], room[1]) = (first, second);
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

    /// <summary>Two bytes before a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryWrite(byte first, byte second, int value)
    {
        if (!TryTake(2 + sizeof(int), out var room))
        {
            return false;
        }

        (room[0], room[1]) = (first, second);
        BinaryPrimitives.WriteInt32LittleEndian(room[2..], value);
        return true;
    }

    /// <summary>Two bytes before a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryWrite(byte first, byte second, long value)
    {
        if (!TryTake(2 + sizeof(long), out var room))
        {
            return false;
        }

        (room[0], room[1]) = (first, second);
        BinaryPrimitives.WriteInt64LittleEndian(room[2..], value);
        return true;
    }

    /// <summary>Two bytes before a text of ASCII, as almost all are; false and nothing written where it is none.</summary>
    public bool TryWriteAscii(byte first, byte second, string text)
    {
        var start = Length;
        if (!TryTake(2 + sizeof(int) + text.Length, out var room))
        {
            return false;
        }

        if (Ascii.FromUtf16(text, room[(2 + sizeof(int))..], out _) != OperationStatus.Done)
        {
            Length = start;
            return false;
        }

        (room[0], room[1]) = (first, second);
        BinaryPrimitives.WriteInt32LittleEndian(room[2..], text.Length);
        return true;
    }

    /// <summary>Bytes as they are.</summary>
    public bool TryWrite(ReadOnlySpan<byte> bytes)
    {
        if (!TryTake(bytes.Length, out var room))
        {
            return false;
        }

        bytes.CopyTo(room);
        return true;
    }

    /// <summary>Whether a text is remembered as one that comes again, or is none.</summary>
    public bool IsKnown(string? text) => string.IsNullOrEmpty(text) || _known.Find(text) is not null;

    /// <summary>A text that probably comes again as the same object.</summary>
    public bool TryWriteKnown(string? text, int limit)
    {
        if (string.IsNullOrEmpty(text))
        {
            return TryWrite(0);
        }

        if (_known.Find(text) is { } encoded && encoded.Length - sizeof(int) <= limit)
        {
            if (!TryTake(encoded.Length, out var room))
            {
                return false;
            }

            encoded.CopyTo(room);
            return true;
        }

        var (start, wasTruncated) = (Length, IsTruncated);
        IsTruncated = false;
        var isWritten = TryWrite(text, limit);
        if (isWritten && !IsTruncated)
        {
            _known.Learn(text, _bytes.AsSpan(start, Length - start));
        }

        IsTruncated |= wasTruncated;
        return isWritten;
    }

    /// <summary>A text, cut between characters at the limit; lone surrogates become U+FFFD.</summary>
    public bool TryWrite(ReadOnlySpan<char> text, int limit)
    {
        if (!TryTake(sizeof(int), out _))
        {
            return false;
        }

        var start = Length;
        var room = Math.Min(limit, _limit - start);
        Grow(start + Math.Min(room, text.Length));

        // Almost all are ASCII, which takes half the time.
        Ascii.FromUtf16(text, _bytes.AsSpan(start, Math.Min(room, text.Length)), out var written);
        if (written < text.Length)
        {
            room = (int)Math.Min(room, written + ((text.Length - written) * 3L));
            Grow(start + room);
            IsTruncated |= Utf8.FromUtf16(text[written..], _bytes.AsSpan(start + written, room - written), out _, out var more)
                == OperationStatus.DestinationTooSmall;
            written += more;
        }

        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(start - sizeof(int)), written);
        Length = start + written;
        return true;
    }

    /// <summary>Writes a number at a place that was taken before.</summary>
    public void Set(int offset, int value) => BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(offset), value);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryTakeMore(int count, out Span<byte> room)
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

    private void Grow(int length)
    {
        if (_bytes.Length < length)
        {
            Array.Resize(ref _bytes, Math.Max(length, Math.Min(_bytes.Length * 2, _limit)));
        }
    }
}
