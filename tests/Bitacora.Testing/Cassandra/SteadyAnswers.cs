using System.Buffers.Binary;
using Bitacora.Testing.Cassandra.Wire;

namespace Bitacora.Testing.Cassandra;

/// <summary>
/// Ready-made answers for measurements: EXECUTE and BATCH are answered from bytes made beforehand, nothing is decoded beyond the
/// header, logged or allocated. Pages come one after the other, the last without paging state.
/// </summary>
public sealed class SteadyAnswers
{
    private static readonly SteadyBody VoidBody = new([0, 0, 0, 1]);
    private readonly byte[] _pagedId;
    private readonly SteadyBody[] _pages;
    private long _requests;

    /// <summary>Every EXECUTE and BATCH is answered Void.</summary>
    public SteadyAnswers()
        : this([], [])
    {
    }

    /// <summary>EXECUTEs of this statement get these pages, each with the state that leads to the next.</summary>
    /// <param name="pagedId">The statement's id.</param>
    /// <param name="pages">At least one.</param>
    /// <param name="withMetadata">For clients of version 4, who do not waive it.</param>
    public SteadyAnswers(byte[] pagedId, IReadOnlyList<FakeRows> pages, bool withMetadata = false)
    {
        _pagedId = pagedId;
        _pages = [.. pages.Select((page, index) =>
            new SteadyBody(Encode(page, index + 1 < pages.Count ? index + 1 : null, withMetadata)))];
    }

    /// <summary>Requests answered so.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    internal bool TryAnswer(EnvelopeHeader header, ReadOnlySpan<byte> body, Outbound outbound)
    {
        if (header.Kind is not (MessageKind.Execute or MessageKind.Batch))
        {
            return false;
        }

        var answer = header.Kind == MessageKind.Execute && _pages.Length > 0 ? Page(header.VersionByte, body) : VoidBody;
        var version = (byte)(header.VersionByte | EnvelopeHeader.ResponseBit);
        outbound.Append(new EnvelopeHeader(version, 0, header.Stream, MessageKind.Result, answer.Bytes.Length), answer);
        Interlocked.Increment(ref _requests);
        return true;
    }

    private SteadyBody Page(int version, ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body);
        if (!reader.ShortBytes().SequenceEqual(_pagedId))
        {
            return VoidBody;
        }

        _ = version >= 5 ? reader.ShortBytes() : default;
        reader.Short();
        var flags = version >= 5 ? reader.Int() : reader.Byte();
        for (var values = (flags & 1) != 0 ? reader.Short() : 0; values > 0; values--)
        {
            reader.Bytes(out _);
        }

        _ = (flags & 4) != 0 ? reader.Int() : 0;
        return (flags & 8) != 0 && reader.Bytes(out var state) ? _pages[BinaryPrimitives.ReadInt32BigEndian(state)] : _pages[0];
    }

    private static byte[] Encode(FakeRows page, int? next, bool withMetadata)
    {
        var writer = new WireWriter();
        (page with { PagingState = next is { } index ? FakeValue.Int(index).Bytes : null }).Write(writer, !withMetadata);
        return writer.Written.ToArray();
    }
}
