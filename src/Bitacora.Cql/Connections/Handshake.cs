using Bitacora.Cql.Frames;
using Bitacora.Cql.Messages;
using Bitacora.Cql.Values;

namespace Bitacora.Cql.Connections;

/// <summary>
/// A connection's first words: OPTIONS, STARTUP, authentication. It has the stream to itself, asks one thing at a time, and leaves the
/// decoder as the connection needs it: in v5 everything after STARTUP's answer is framed, AUTHENTICATE's answer too.
/// </summary>
internal sealed class Handshake(Stream stream, EnvelopeDecoder decoder, NodeAddress address, CqlOptions options)
{
    // SASL PLAIN takes one; some servers first ask which mechanism we mean.
    private const int MaxChallenges = 4;

    private bool _framed;

    /// <returns>The version that both speak; null if the server does not take v5 although it had offered it.</returns>
    public async Task<ProtocolVersion?> RunAsync(ProtocolVersion highest, CancellationToken cancellation)
    {
        var version = highest == ProtocolVersion.V4 ? highest : await OfferedAsync(cancellation).ConfigureAwait(false);
        var (header, body) = await AskAsync(version, Opcode.Startup, ControlMessages.Startup(options), cancellation).ConfigureAwait(false);
        if (header.Opcode == Opcode.Error && version > ProtocolVersion.V4 && ReadError(body, header).Code == CqlErrorCode.Protocol)
        {
            return null;
        }

        if (header.Opcode is not (Opcode.Ready or Opcode.Authenticate))
        {
            throw Refused(header, body);
        }

        decoder.Version = version;
        if (version >= ProtocolVersion.V5)
        {
            decoder.SwitchToFrames();
            _framed = true;
        }

        if (header.Opcode == Opcode.Authenticate)
        {
            await AuthenticateAsync(version, new WireReader(body).ReadString(), cancellation).ConfigureAwait(false);
        }

        return version;
    }

    private async Task<ProtocolVersion> OfferedAsync(CancellationToken cancellation)
    {
        var (header, body) = await AskAsync(ProtocolVersion.V4, Opcode.Options, [], cancellation).ConfigureAwait(false);
        if (header.Opcode != Opcode.Supported)
        {
            throw Refused(header, body);
        }

        var offered = new WireReader(body).ReadStringMultimap().GetValueOrDefault("PROTOCOL_VERSIONS", []);
        return offered.Contains("5/v5") ? ProtocolVersion.V5 : ProtocolVersion.V4;
    }

    private async Task AuthenticateAsync(ProtocolVersion version, string authenticator, CancellationToken cancellation)
    {
        var credentials = options.Credentials ?? throw new CqlAuthenticationException(
            $"it asks for credentials ({authenticator}); set {nameof(CqlOptions)}.{nameof(CqlOptions.Credentials)}");
        var token = ControlMessages.PlainToken(credentials);
        for (var round = 0; round < MaxChallenges; round++)
        {
            var (header, body) = await AskAsync(version, Opcode.AuthResponse, token, cancellation).ConfigureAwait(false);
            if (header.Opcode == Opcode.AuthSuccess)
            {
                return;
            }

            if (header.Opcode != Opcode.AuthChallenge)
            {
                throw Refused(header, body);
            }
        }

        throw new CqlAuthenticationException($"it was not content with user and password after {MaxChallenges} challenges");
    }

    private async Task<(EnvelopeHeader Header, byte[] Body)> AskAsync(
        ProtocolVersion version, Opcode opcode, byte[] body, CancellationToken cancellation)
    {
        var envelope = EnvelopeHeader.Size + body.Length;
        var bytes = new byte[OuterFrame.HeaderSize + envelope + OuterFrame.TrailerSize];
        new EnvelopeHeader((byte)version, EnvelopeFlags.None, StreamTable.Heartbeat, opcode, body.Length)
            .Write(bytes.AsSpan(OuterFrame.HeaderSize));
        body.CopyTo(bytes, OuterFrame.HeaderSize + EnvelopeHeader.Size);
        if (_framed)
        {
            OuterFrame.Seal(bytes, selfContained: true);
        }

        var sent = _framed ? bytes.AsMemory() : bytes.AsMemory(OuterFrame.HeaderSize, envelope);
        await stream.WriteAsync(sent, cancellation).ConfigureAwait(false);
        return await AnswerAsync(cancellation).ConfigureAwait(false);
    }

    private async Task<(EnvelopeHeader Header, byte[] Body)> AnswerAsync(CancellationToken cancellation)
    {
        while (true)
        {
            if (TryRead(out var answer))
            {
                return answer;
            }

            var count = await stream.ReadAsync(decoder.FreeMemory, cancellation).ConfigureAwait(false);
            if (count == 0)
            {
                throw new CqlConnectionException("it closed the connection during the handshake") { Node = address.EndPoint };
            }

            decoder.Received(count);
        }
    }

    private bool TryRead(out (EnvelopeHeader Header, byte[] Body) answer)
    {
        if (!decoder.TryRead(out var envelope))
        {
            answer = default;
            return false;
        }

        var reader = new WireReader(envelope.Body);
        ResponsePrefix.Skip(ref reader, envelope.Header.Flags);
        answer = (envelope.Header, reader.Rest.ToArray());
        return true;
    }

    private CqlException Refused(EnvelopeHeader header, byte[] body)
    {
        if (header.Opcode != Opcode.Error)
        {
            return new CqlProtocolException($"{header.Opcode} came during the handshake");
        }

        var error = ReadError(body, header);
        return error.Code == CqlErrorCode.Authentication
            ? new CqlAuthenticationException($"it did not accept user '{options.Credentials?.User}': {error.What}; " +
                $"correct {nameof(CqlOptions)}.{nameof(CqlOptions.Credentials)}")
            : error;
    }

    private static CqlServerException ReadError(byte[] body, EnvelopeHeader header)
    {
        var reader = new WireReader(body);
        return ServerError.Read(ref reader, (ProtocolVersion)(header.Version & ~EnvelopeHeader.ResponseBit));
    }
}
