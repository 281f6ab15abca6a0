using System.Buffers;
using Bitacora.Server.Answers;
using Microsoft.AspNetCore.Http;

namespace Bitacora.Server.Intake;

/// <summary>
/// A request's body, decompressed, piece by piece: a window of rented memory that moves over it and grows only for what does not fit.
/// Its memory is charged to the <see cref="InFlightBudget"/>; dispose it. One reader.
/// </summary>
internal sealed class BodyWindow : IDisposable
{
    /// <summary>The window of a body that is longer, or whose length is not known.</summary>
    public const int UsualWindow = 512 << 10;

    private const int SmallestWindow = 16 << 10;

    private readonly InFlightBudget _budget;
    private readonly TimeSpan _patience;
    private readonly long _limit;
    private readonly ContentCoding _coding;
    private readonly LastByteStream _raw;
    private Stream _stream;
    private byte[] _bytes = [];
    private long _charged;
    private long _total;
    private int _start;
    private int _end;

    private BodyWindow(Stream stream, ContentCoding coding, long limit, InFlightBudget budget, TimeSpan patience)
    {
        _raw = new LastByteStream(stream);
        _stream = stream;
        _coding = coding;
        _limit = limit;
        _budget = budget;
        _patience = patience;
    }

    /// <summary>What was read and not yet consumed; valid until the next call.</summary>
    public ReadOnlyMemory<byte> Unread => _bytes.AsMemory(_start, _end - _start);

    /// <summary>The same, to be changed where it lies.</summary>
    public Span<byte> UnreadSpan => _bytes.AsSpan(_start, _end - _start);

    /// <summary>Whether the body has no more than <see cref="Unread"/>.</summary>
    public bool Ended { get; private set; }

    /// <summary>Bytes of the body read so far, decompressed.</summary>
    public long Total => _total;

    /// <summary>Opens a request's body: refuses codings it does not know, and lengths beyond the limit before a byte is read.</summary>
    /// <exception cref="ProblemException">413, 415 or 503.</exception>
    public static async ValueTask<BodyWindow> OpenAsync(
        HttpRequest request, long limit, InFlightBudget budget, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (!ContentCodings.TryParse(request.Headers.ContentEncoding, out var isCompressed))
        {
            throw new ProblemException(new Problem(
                StatusCodes.Status415UnsupportedMediaType, ProblemCode.UnsupportedEncoding,
                "Content-Encoding is none of gzip, deflate, zstd and identity."));
        }

        if (request.ContentLength > limit)
        {
            throw TooLarge(limit);
        }

        var coding = ContentCoding.None;
        if (isCompressed)
        {
            var start = await request.BodyReader.ReadAtLeastAsync(4, cancellationToken);
            coding = SniffStart(start.Buffer);
            request.BodyReader.AdvanceTo(start.Buffer.Start);
        }

        var body = new BodyWindow(request.BodyReader.AsStream(leaveOpen: true), coding, limit, budget, patience);
        try
        {
            var length = coding == ContentCoding.None ? (int)Math.Min(request.ContentLength + 1 ?? UsualWindow, UsualWindow) : UsualWindow;
            await body.GrowAsync(Math.Max(length, SmallestWindow), ContentCodings.Memory(coding), cancellationToken);
            body._stream = coding == ContentCoding.None ? body._stream : ContentCodings.Open(coding, body._raw);
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Advance(int bytes) => _start += bytes;

    /// <summary>
    /// Reads on behind what is unread; false where the body has ended, or as much is unread already as the window may grow to.
    /// </summary>
    /// <exception cref="ProblemException">400, 413 or 503.</exception>
    public async ValueTask<bool> FillAsync(int most, CancellationToken cancellationToken)
    {
        if (Ended || _end - _start >= most)
        {
            return false;
        }

        // A short rest of free space would make a short read.
        if (_start > 0 && _bytes.Length - _end < _bytes.Length / 4)
        {
            Buffer.BlockCopy(_bytes, _start, _bytes, 0, _end - _start);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _bytes.Length)
        {
            await GrowAsync((int)Math.Min(2L * _bytes.Length, most + 1L), 0, cancellationToken);
        }

        var read = await ReadAsync(cancellationToken);
        _end += read;
        _total += read;
        Ended = read == 0;
        if (Ended && !ContentCodings.IsReadWhole(_coding, _raw))
        {
            throw BadEncoding("behind its end there are more bytes");
        }

        if (_total > _limit)
        {
            throw TooLarge(_limit);
        }

        return !Ended;
    }

    public void Dispose()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
        }

        _budget.Release(_charged);
        _charged = 0;
        _stream.Dispose();
    }

    private static ContentCoding SniffStart(ReadOnlySequence<byte> start)
    {
        Span<byte> first = stackalloc byte[4];
        var length = (int)Math.Min(first.Length, start.Length);
        start.Slice(0, length).CopyTo(first);
        return length == 0 ? ContentCoding.None : ContentCodings.Sniff(first[..length]);
    }

    private static ProblemException TooLarge(long limit) => new(new Problem(
        StatusCodes.Status413PayloadTooLarge, ProblemCode.BodyTooLarge,
        $"The body has more than {limit} bytes after decompression; send it in parts."));

    private static ProblemException BadEncoding(string why) => new(new Problem(
        StatusCodes.Status400BadRequest, ProblemCode.BadEncoding, $"The body cannot be decompressed: {why}"));

    private async ValueTask<int> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _stream.ReadAsync(_bytes.AsMemory(_end), cancellationToken);
        }
        catch (Exception e) when (_coding != ContentCoding.None
            && e is InvalidDataException or ZstdSharp.ZstdException or EndOfStreamException)
        {
            throw BadEncoding(e.Message);
        }
    }

    private async ValueTask GrowAsync(int length, int beside, CancellationToken cancellationToken)
    {
        // What the pool really gives is charged: it rounds up to powers of two.
        var rounded = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)length);
        if (!await _budget.TryTakeAsync(rounded + beside, _patience, cancellationToken))
        {
            throw new ProblemException(
                Problem.Overloaded("So many bodies are being read that there was no room for this one; send it again."));
        }

        _charged += rounded + beside;
        var grown = ArrayPool<byte>.Shared.Rent(rounded);
        if (_bytes.Length > 0)
        {
            Buffer.BlockCopy(_bytes, _start, grown, 0, _end - _start);
            ArrayPool<byte>.Shared.Return(_bytes);
            _budget.Release(_bytes.Length);
            _charged -= _bytes.Length;
        }

        (_start, _end, _bytes) = (0, _end - _start, grown);
    }
}
