using Bitacora.Records;

namespace Bitacora.Cli.Demo;

/// <summary>What happens without customers: checkpoints, logins, people who guess passwords, and the incident's own marks.</summary>
internal sealed class Machines(Chance chance, Database database, Checkouts checkouts, Incident incident)
{
    private static readonly string[] Guesses = ["root", "admin", "test", "postgres", "oracle", "ubuntu", "git", "deploy"];

    public void Add(DateTimeOffset from, DateTimeOffset to, Customer customer, List<DemoRecord> records)
    {
        var hours = (to - from).TotalHours;
        for (var i = chance.Count(hours * 12); i > 0; i--)
        {
            records.Add(database.Checkpoint(Within(from, to)));
        }

        for (var i = chance.Count(hours * 0.5); i > 0; i--)
        {
            Guess(Within(from, to), records);
        }

        for (var i = chance.Count(hours * 0.4); i > 0; i--)
        {
            records.Add(Login(Within(from, to)));
        }

        AddIncident(from, to, customer, records);
    }

    private void AddIncident(DateTimeOffset from, DateTimeOffset to, Customer customer, List<DemoRecord> records)
    {
        if (IsWithin(incident.Deployed))
        {
            records.Add(Payments.Running(incident.Deployed, Incident.NewVersion));
        }

        if (IsWithin(incident.RolledBack))
        {
            records.Add(Payments.Running(incident.RolledBack, Incident.OldVersion));
        }

        for (var minute = 1; minute <= 12; minute++)
        {
            if (IsWithin(incident.Deployed.AddMinutes(minute)))
            {
                records.Add(Payments.PoolFills(incident.Deployed.AddMinutes(minute), Math.Min(100, 16 + (minute * 7))));
            }
        }

        if (IsWithin(incident.Begin.AddMinutes(4)))
        {
            checkouts.Fail(incident.Begin.AddMinutes(4), customer, DemoSearches.Request, records);
        }

        bool IsWithin(DateTimeOffset time) => time >= from && time < to;
    }

    private void Guess(DateTimeOffset time, List<DemoRecord> records)
    {
        var (address, tries) = ($"203.0.113.{chance.Between(1, 255)}", chance.Between(4, 30));
        for (var i = 0; i < tries; i++)
        {
            var (user, port) = (chance.Zipf(Guesses), chance.Between(30_000, 61_000));
            var isInvalid = user is not ("root" or "postgres");
            records.Add(Sshd(
                time.AddSeconds(i * 2),
                $"Failed password for {(isInvalid ? "invalid user " : "")}{user} from {address} port {port} ssh2",
                user,
                address,
                port,
                "password",
                isInvalid));
        }
    }

    private DemoRecord Login(DateTimeOffset time)
    {
        var port = chance.Between(30_000, 61_000);
        return Sshd(
            time,
            $"Accepted publickey for deploy from 192.0.2.10 port {port} ssh2: ED25519 SHA256:{chance.Hex(16)}",
            "deploy",
            "192.0.2.10",
            port,
            "publickey",
            isInvalid: false);
    }

    private DemoRecord Sshd(DateTimeOffset time, string message, string user, string address, int port, string method, bool isInvalid)
    {
        List<KeyValuePair<string, AttributeValue>> attributes =
        [
            new("process.pid", AttributeValue.From((long)chance.Between(1_000, 30_000))),
            new("user.name", AttributeValue.From(user)),
            new("client.address", AttributeValue.From(address)),
            new("client.port", AttributeValue.From((long)port)),
            new("sshd.method", AttributeValue.From(method)),
        ];
        if (isInvalid)
        {
            attributes.Add(new("sshd.invalid_user", AttributeValue.From(true)));
        }

        return new DemoRecord
        {
            Time = time,
            Layer = Layer.Infrastructure,
            Source = "sshd",
            Host = "web1",
            Message = message,
            Attributes = attributes,
        };
    }

    private DateTimeOffset Within(DateTimeOffset from, DateTimeOffset to) =>
        from.AddMicroseconds(Math.Floor(chance.Next() * (to - from).TotalMicroseconds));
}
