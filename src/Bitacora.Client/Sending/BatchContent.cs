using System.IO.Compression;
using System.Net.Http.Headers;
using Bitacora.Records;

namespace Bitacora.Client.Sending;

/// <summary>A request's body of a batch, compressed or not.</summary>
internal static class BatchContent
{
    public static HttpContent Of(RecordBatch batch, bool isCompressed)
    {
        HttpContent content;
        if (isCompressed)
        {
            var bytes = new MemoryStream(batch.Bytes.Length / 2);
            using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
            {
                gzip.Write(batch.Bytes.Span);
            }

            content = new ByteArrayContent(bytes.GetBuffer(), 0, (int)bytes.Length);
            content.Headers.ContentEncoding.Add("gzip");
        }
        else
        {
            content = new ReadOnlyMemoryContent(batch.Bytes);
        }

        content.Headers.ContentType = new MediaTypeHeaderValue(BatchSender.MediaType);
        return content;
    }
}
