using System.Text;

namespace Bitacora.Benchmarks.Corpus;

/// <summary>5,000 templates, drawn with frequencies that fall as one over their rank (Zipf).</summary>
internal sealed class TemplateSet
{
    public const int Count = 5_000;

    private static readonly string[] Words =
    [
        "request", "response", "session", "worker", "queue", "cache", "index", "order", "payment", "basket", "customer", "shipment",
        "invoice", "stock", "token", "upload", "download", "snapshot", "replica", "leader", "follower", "partition", "offset", "commit",
        "rollback", "transaction", "cursor", "batch", "stream", "socket", "handshake", "certificate", "header", "payload", "schema",
        "migration", "table", "column", "lock", "lease", "timer", "retry", "backoff", "budget", "limit", "quota", "bucket", "object",
        "started", "finished", "accepted", "refused", "expired", "renewed", "queued", "dropped", "merged", "resolved", "validated",
        "rejected", "completed", "scheduled", "cancelled", "opened", "closed", "flushed", "compacted", "loaded", "evicted", "updated",
        "for", "with", "from", "after", "before", "while", "because", "without", "between", "into", "status", "attempt", "duration",
        "bytes", "rows", "items", "client", "server", "upstream", "gateway", "database", "service", "thread", "process", "memory",
        "connection", "timeout", "latency", "version", "region", "zone", "node", "user", "account", "email", "template", "report",
    ];

    private static readonly string[] Sources =
        ["shop", "payments", "search", "inventory", "gateway", "auth", "mailer", "billing", "reports", "images", "scheduler", "ledger"];

    private static readonly string[] Areas =
        ["api", "db", "cache", "worker", "http.client", "http.server", "queue", "audit", "jobs.cleanup", "jobs.sync", "domain", "metrics"];

    private readonly MessageTemplate[] _templates;
    private readonly double[] _cumulative = new double[Count];

    public TemplateSet(ulong seed)
    {
        var random = new SplitMix(seed);
        var sum = 0.0;
        _templates = new MessageTemplate[Count];
        for (var i = 0; i < Count; i++)
        {
            _templates[i] = Make(ref random);
            _cumulative[i] = sum += 1.0 / (i + 1);
        }
    }

    public MessageTemplate Pick(ref SplitMix random)
    {
        var index = Array.BinarySearch(_cumulative, random.NextDouble() * _cumulative[^1]);
        return _templates[Math.Min(index < 0 ? ~index : index, Count - 1)];
    }

    private static MessageTemplate Make(ref SplitMix random)
    {
        var source = Sources[random.Next(Sources.Length)];
        var logger = $"{source}.{Areas[random.Next(Areas.Length)]}";
        var variables = new MessageVariable[2 + random.Next(4)];
        var literals = new byte[variables.Length + 1][];
        for (var i = 0; i < literals.Length; i++)
        {
            if (i < variables.Length)
            {
                variables[i] = (MessageVariable)random.Next(3);
            }

            var text = new StringBuilder(i == 0 ? "" : " ");
            for (var words = 3 + random.Next(4); words > 0; words--)
            {
                text.Append(Words[random.Next(Words.Length)]).Append(' ');
            }

            literals[i] = Encoding.UTF8.GetBytes(i == variables.Length ? text.ToString().TrimEnd() : text.ToString());
        }

        return new MessageTemplate(
            Level(random.Next(100)), Encoding.UTF8.GetBytes(source), Encoding.UTF8.GetBytes(logger), literals, variables);
    }

    private static byte[] Level(int percent) => percent switch
    {
        < 15 => "DEBUG"u8.ToArray(),
        < 88 => "INFO"u8.ToArray(),
        < 97 => "WARNING"u8.ToArray(),
        _ => "ERROR"u8.ToArray(),
    };
}
