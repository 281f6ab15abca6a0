namespace Bitacora.Testing.Cassandra.Wire;

/// <summary>Bodies of requests, v4 and v5. Strict: what Cassandra would refuse or misread is a violation here.</summary>
internal static class RequestDecoder
{
    private const int Values = 0x01, SkipMetadata = 0x02, PageSize = 0x04, PagingState = 0x08, Serial = 0x10;
    private const int Timestamp = 0x20, Names = 0x40, Keyspace = 0x80, NowInSeconds = 0x100;

    public static FakeRequest Decode(EnvelopeHeader header, ReadOnlySpan<byte> body, int connection, int segments)
    {
        var reader = new WireReader(body);
        var request = new FakeRequest(header.Kind, header.VersionByte, header.Stream, connection)
        {
            Tracing = (header.Flags & EnvelopeHeader.Tracing) != 0,
            BodyLength = body.Length,
            Segments = segments,
        };
        if ((header.Flags & EnvelopeHeader.CustomPayload) != 0)
        {
            request = request with { CustomPayload = reader.BytesMap() };
        }

        request = header.Kind switch
        {
            MessageKind.Options => request,
            MessageKind.Startup => request with { StartupOptions = reader.StringMap() },
            MessageKind.AuthResponse => request with { AuthToken = reader.Bytes(out var token) ? token.ToArray() : null },
            MessageKind.Register => request with { EventTypes = reader.StringList() },
            MessageKind.Query => Parameters(request with { Cql = reader.LongString() }, ref reader),
            MessageKind.Prepare => Prepare(request, ref reader),
            MessageKind.Execute => Execute(request, ref reader),
            MessageKind.Batch => Batch(request, ref reader),
            _ => throw new ProtocolViolationException($"a client sent opcode {(byte)header.Kind:x2}"),
        };
        reader.End();
        return request;
    }

    private static FakeRequest Prepare(FakeRequest request, ref WireReader reader)
    {
        request = request with { Cql = reader.LongString() };
        var flags = request.Version >= 5 ? reader.Int() : 0;
        Require((flags & ~1) == 0, $"PREPARE with flags {flags:x}");
        return flags == 0 ? request : request with { Keyspace = reader.String() };
    }

    private static FakeRequest Execute(FakeRequest request, ref WireReader reader)
    {
        request = request with { PreparedId = reader.ShortBytes().ToArray() };
        if (request.Version >= 5)
        {
            request = request with { ResultMetadataId = reader.ShortBytes().ToArray() };
        }

        return Parameters(request, ref reader);
    }

    private static FakeRequest Parameters(FakeRequest request, ref WireReader reader)
    {
        request = request with { Consistency = Consistency(ref reader) };
        var flags = Flags(request.Version, ref reader);
        if ((flags & Values) != 0)
        {
            var values = new FakeValue[reader.Short()];
            var names = (flags & Names) != 0 ? new string[values.Length] : null;
            for (var i = 0; i < values.Length; i++)
            {
                _ = names is null ? null : names[i] = reader.String();
                values[i] = reader.Value();
            }

            request = request with { Values = values, ValueNames = names };
        }

        request = request with
        {
            SkipMetadata = (flags & SkipMetadata) != 0,
            PageSize = (flags & PageSize) != 0 ? reader.Int() : null,
            PagingState = (flags & PagingState) != 0 && reader.Bytes(out var state) ? state.ToArray() : null,
        };
        Require(request.PageSize != 0, "a page size of 0");
        return Trailer(request, flags, ref reader);
    }

    private static FakeRequest Batch(FakeRequest request, ref WireReader reader)
    {
        var type = reader.Byte();
        Require(type <= 2, $"a batch of type {type}");
        var children = new FakeBatchChild[reader.Short()];
        for (var i = 0; i < children.Length; i++)
        {
            var kind = reader.Byte();
            Require(kind <= 1, $"a batch child of kind {kind}");
            var cql = kind == 0 ? reader.LongString() : null;
            var id = kind == 1 ? reader.ShortBytes().ToArray() : null;
            var values = new FakeValue[reader.Short()];
            for (var v = 0; v < values.Length; v++)
            {
                values[v] = reader.Value();
            }

            children[i] = new FakeBatchChild(cql, id, values);
        }

        request = request with { BatchType = (FakeBatchType)type, Children = children, Consistency = Consistency(ref reader) };
        var flags = Flags(request.Version, ref reader);
        Require((flags & ~(Serial | Timestamp | Keyspace | NowInSeconds)) == 0, $"BATCH with flags {flags:x}");
        return Trailer(request, flags, ref reader);
    }

    private static FakeRequest Trailer(FakeRequest request, int flags, ref WireReader reader)
    {
        request = request with
        {
            SerialConsistency = (flags & Serial) != 0 ? Consistency(ref reader) : null,
            Timestamp = (flags & Timestamp) != 0 ? reader.Long() : null,
            Keyspace = (flags & Keyspace) != 0 ? reader.String() : null,
            NowInSeconds = (flags & NowInSeconds) != 0 ? reader.Int() : null,
        };
        Require(request.SerialConsistency is null or 8 or 9, $"serial consistency {request.SerialConsistency}");
        Require(request.Timestamp != long.MinValue, "the smallest long as timestamp");
        return request;
    }

    private static int Flags(int version, ref WireReader reader)
    {
        var flags = version >= 5 ? reader.Int() : reader.Byte();
        Require((flags & ~(version >= 5 ? 0x1FF : 0x7F)) == 0, $"flags {flags:x} in a request of version {version}");
        return flags;
    }

    private static ushort Consistency(ref WireReader reader)
    {
        var level = reader.Short();
        Require(level <= 10, $"consistency {level}");
        return level;
    }

    private static void Require(bool condition, string violation)
    {
        if (!condition)
        {
            throw new ProtocolViolationException(violation);
        }
    }
}
