using Bitacora.Records;

namespace Bitacora.Cli.Demo;

/// <summary>nginx in front of the shop, which gives each request its id.</summary>
internal sealed class WebServer(Chance chance)
{
    private static readonly string[] Browsers =
    [
        "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile Safari/604.1",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36",
        "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
    ];

    public string NewRequestId() => $"{chance.Hex(8)}-{chance.Hex(4)}";

    /// <summary>The line that is written when a request has been answered.</summary>
    public DemoRecord Answered(
        DateTimeOffset begun, string method, string path, int status, double milliseconds, Customer customer, string requestId)
    {
        var question = path.IndexOf('?', StringComparison.Ordinal);
        List<KeyValuePair<string, AttributeValue>> attributes =
        [
            new("http.request.method", AttributeValue.From(method)),
            new("url.path", AttributeValue.From(question < 0 ? path : path[..question])),
        ];
        if (question >= 0)
        {
            attributes.Add(new("url.query", AttributeValue.From(path[(question + 1)..])));
        }

        attributes.Add(new("network.protocol.version", AttributeValue.From("1.1")));
        attributes.Add(new("http.response.status_code", AttributeValue.From((long)status)));
        attributes.Add(new("http.response.body.size", AttributeValue.From(status >= 500 ? 157L : chance.Between(300, 40_000))));
        attributes.Add(new("client.address", AttributeValue.From(customer.Address)));
        attributes.Add(new("user_agent.original", AttributeValue.From(chance.Zipf(Browsers))));
        return new DemoRecord
        {
            Time = begun.AddMicroseconds(Math.Round(milliseconds * 1000)),
            Level = status >= 500 ? Level.Error : status >= 400 ? Level.Warning : Level.Info,
            Layer = Layer.Infrastructure,
            Source = "nginx",
            Logger = "access",
            Host = "web1",
            Message = $"{method} {path} {status}",
            RequestId = requestId,
            DurationMs = milliseconds,
            Attributes = attributes,
        };
    }
}
