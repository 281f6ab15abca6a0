using System.Globalization;
using Bitacora.Client;
using Bitacora.Records;

namespace Bitacora.Cli.Measuring;

/// <summary>
/// One sender of made-up records, as a service of a shop might log them: a request is eight of them, one in 25 is an error. All bear
/// the <see cref="Source"/>.
/// </summary>
internal sealed class SampleSender(BitacoraClient client, TimeProvider clock, int seed)
{
    public const string Source = "bitacora-bench";

    private const int RecordsARequest = 8;

    private static readonly string[] Loggers = ["shop.cart", "shop.orders", "shop.payment", "shop.search", "shop.stock", "shop.users"];

    private static readonly string[] Events =
        ["order accepted", "item added to the cart", "stock level read", "user signed in", "search answered", "payment authorised"];

    private readonly Random _random = new(seed);
    private readonly Origin _origin = Origin.Random().With(byteOffsets: false);
    private readonly RecordBatchBuilder _batch = new(SenderId.None, RecordLimits.Default, clock);
    private string _request = "";
    private string _user = "";
    private ulong _position;

    /// <summary>Records that were written and not yet sent.</summary>
    public int Waiting => _batch.Count;

    /// <summary>Writes a record of this moment.</summary>
    public void Write() => Write(RecordTime.Now(clock));

    /// <summary>Writes a record of a time, in units of 100 ns since 1970.</summary>
    public void Write(long time)
    {
        if (_position % RecordsARequest == 0)
        {
            _request = Hex(32);
            _user = string.Create(CultureInfo.InvariantCulture, $"u{_random.Next(10_000)}");
        }

        var origin = _batch.AddOrigin(_origin);
        var record = _batch.Begin();
        var duration = Math.Round(-20 * Math.Log(1 - _random.NextDouble()), 3);
        record.SetTime(time);
        record.SetText(NamedField.Source, Source);
        record.SetText(NamedField.Logger, Loggers[_random.Next(Loggers.Length)]);
        record.SetText(NamedField.Host, "bench-1");
        record.SetText(NamedField.RequestId, _request);
        record.SetText(NamedField.UserId, _user);
        record.SetDuration(duration);
        var what = Events[_random.Next(Events.Length)];
        (record.Level, what) = _random.Next(100) switch
        {
            0 => (Level.Critical, "payment service does not answer"),
            < 5 => (Level.Error, "timeout after 3 attempts"),
            < 15 => (Level.Warning, "slow answer of the database"),
            < 30 => (Level.Debug, what),
            _ => (Level.Info, what),
        };
        var message = string.Create(CultureInfo.InvariantCulture, $"{what}: order {_random.Next(1_000_000)}, {duration} ms");
        record.SetText(NamedField.Message, message);
        if (!record.TryCommit(origin, _position++))
        {
            throw new InvalidOperationException("A batch of the bench is longer than batches may be.");
        }
    }

    /// <summary>Sends what waits; returns when the server has acknowledged it.</summary>
    public Task SendAsync(CancellationToken cancellationToken) => client.SendAsync(_batch.Freeze(), cancellationToken);

    private string Hex(int digits) => string.Create(digits, _random, static (text, random) =>
    {
        for (var i = 0; i < text.Length; i++)
        {
            text[i] = "0123456789abcdef"[random.Next(16)];
        }
    });
}
