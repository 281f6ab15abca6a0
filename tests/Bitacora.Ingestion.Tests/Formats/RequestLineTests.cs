using System.Text;
using Bitacora.Ingestion.Lines;
using Bitacora.Records;

namespace Bitacora.Ingestion.Tests.Formats;

public class RequestLineTests
{
    [Theory]
    [InlineData("GET / HTTP/1.1", "http.request.method:'GET' url.path:'/' network.protocol.version:'1.1'")]
    [InlineData("GET /a?b=1?c HTTP/2", "http.request.method:'GET' url.path:'/a' url.query:'b=1?c' network.protocol.version:'2'")]
    [InlineData("OPTIONS * HTTP/1.0", "http.request.method:'OPTIONS' url.path:'*' network.protocol.version:'1.0'")]
    [InlineData("CONNECT host:443 HTTP/1.1", "http.request.method:'CONNECT' url.full:'host:443' network.protocol.version:'1.1'")]
    [InlineData("GET /", null)]
    [InlineData("GET /a b HTTP/1.1", null)]
    [InlineData("get / HTTP/1.1", null)]
    [InlineData("GET / HTTP/1.1x", null)]
    [InlineData("GET  HTTP/1.1", null)]
    [InlineData("", null)]
    public void A_request_is_split_only_if_it_is_one(string request, string? attributes)
    {
        var builder = new RecordBatchBuilder(SenderId.None, RecordLimits.Default, Decoded.Clock);
        var record = builder.Begin();
        RequestLine.TryWrite(Encoding.UTF8.GetBytes(request), record).ShouldBe(attributes is not null);
        record.TryCommit(builder.AddOrigin(Decoded.Numbers), 0).ShouldBeTrue();
        Decoded.Show(RecordBatch.Read(builder.Freeze().Bytes)[0].ToLogRecord()).ShouldBe(attributes ?? "");
    }
}
