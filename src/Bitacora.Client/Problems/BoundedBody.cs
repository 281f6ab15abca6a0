using System.Buffers;

namespace Bitacora.Client.Problems;

/// <summary>Reads a small body whole, and no more of it than allowed.</summary>
internal static class BoundedBody
{
    /// <exception cref="BitacoraClientException">The body is longer than the limit.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContent content, int limit, CancellationToken cancellationToken)
    {
        using var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var body = new ArrayBufferWriter<byte>(4096);
        while (true)
        {
            var read = await stream.ReadAsync(body.GetMemory(4096), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                return body.WrittenMemory;
            }

            body.Advance(read);
            if (body.WrittenCount > limit)
            {
                throw new BitacoraClientException($"The server's answer is longer than {limit} bytes.");
            }
        }
    }
}
