namespace Bitacora.Cli.Demo;

/// <summary>
/// The simulated shop: a Django shop, a payments service in .NET, nginx, PostgreSQL and sshd, on four machines. The same seed, begin and
/// slices give the same records.
/// </summary>
internal sealed class Shop
{
    private readonly Chance _chance;
    private readonly Visits _visits;
    private readonly Machines _machines;

    // Records of stories that have begun and whose own time has not come.
    private List<DemoRecord> _pending = [];
    private DateTimeOffset _at;

    /// <param name="seed">All decisions.</param>
    /// <param name="begin">When it opens.</param>
    /// <param name="now">The incident is in the evening before this.</param>
    public Shop(int seed, DateTimeOffset begin, DateTimeOffset now)
    {
        _chance = new Chance(seed);
        _at = begin;
        Incident = Incident.Before(now);
        var web = new WebServer(_chance);
        var database = new Database(_chance);
        var payments = new Payments(_chance);
        var checkouts = new Checkouts(_chance, web, payments, database);
        _visits = new Visits(_chance, web, database, checkouts, Incident, new Bursts(seed));
        _machines = new Machines(_chance, database, checkouts, Incident);
    }

    public Incident Incident { get; }

    /// <summary>Lets time pass up to a moment, and gives what was logged until then, in order.</summary>
    /// <param name="to">Not before the last one.</param>
    /// <param name="rate">About so many records a second.</param>
    public IReadOnlyList<DemoRecord> PlayTo(DateTimeOffset to, double rate)
    {
        var from = _at;
        _at = to;
        for (var visits = _chance.Count((to - from).TotalSeconds * rate / Visits.RecordsEach); visits > 0; visits--)
        {
            _visits.Add(from.AddMicroseconds(Math.Floor(_chance.Next() * (to - from).TotalMicroseconds)), _pending);
        }

        _machines.Add(from, to, _visits.SomeCustomer(), _pending);

        // A stable order: records of the same moment stay in the order of their story.
        var ordered = _pending.OrderBy(record => record.Time).ToList();
        var due = ordered.FindIndex(record => record.Time >= to);
        due = due < 0 ? ordered.Count : due;
        _pending = ordered[due..];
        return ordered[..due];
    }
}
