using System.CommandLine;
using System.Globalization;
using Bitacora.Storage.Cassandra;

namespace Bitacora.Cli.Options;

/// <summary>How the keyspace of a cluster is to be. What is not given stays as it is found.</summary>
internal sealed class SchemaChoices
{
    private readonly Option<int?> _replicationFactor = new("--replication-factor")
    {
        Description = "Replicas in the local datacenter; 1 for a new keyspace.",
        HelpName = "N",
    };

    private readonly Option<int?> _days = new("--ttl-days")
    {
        Description = "How long records live, in days; 90 for a new keyspace.",
        HelpName = "N",
    };

    private readonly Option<int?> _infrastructureDays = new("--ttl-days-infrastructure")
    {
        Description = "The same for records of the layer infrastructure; --ttl-days unless given.",
        HelpName = "N",
    };

    private readonly Option<string?> _profile = new("--profile")
    {
        Description = "compat: with indexes for cqlsh, which cost 70 % of the rate of writing; scale: without. For a new keyspace compat, "
            + "on Cassandra 4 always scale.",
        HelpName = "compat|scale",
    };

    private readonly Option<int?> _rate = new("--rate")
    {
        Description = "Make a layout for N records a second at the busiest time; else the layout stays, at first 15 min × 8 shards.",
        HelpName = "N",
    };

    private readonly bool _hasRate;

    /// <param name="hasRate">Whether the command may make a layout.</param>
    public SchemaChoices(bool hasRate)
    {
        _hasRate = hasRate;
        _profile.AcceptOnlyFromAmong("compat", "scale");
        Require(_replicationFactor, SchemaOptions.MaxReplicationFactor);
        Require(_days, (int)SchemaOptions.MaxTimeToLive.TotalDays);
        Require(_infrastructureDays, (int)SchemaOptions.MaxTimeToLive.TotalDays);
        Require(_rate, SchemaOptions.MaxRate);
    }

    public void AddTo(Command command)
    {
        command.Add(_replicationFactor);
        command.Add(_days);
        command.Add(_infrastructureDays);
        command.Add(_profile);
        if (_hasRate)
        {
            command.Add(_rate);
        }
    }

    public SchemaOptions Read(ParseResult parsed, string keyspace) => new()
    {
        Keyspace = keyspace,
        ReplicationFactor = parsed.GetValue(_replicationFactor),
        TimeToLive = Days(parsed.GetValue(_days)),
        InfrastructureTimeToLive = Days(parsed.GetValue(_infrastructureDays)),
        Profile = parsed.GetValue(_profile) switch
        {
            "compat" => SchemaProfile.Compat,
            "scale" => SchemaProfile.Scale,
            _ => null,
        },
        Rate = _hasRate ? parsed.GetValue(_rate) : null,
    };

    private static TimeSpan? Days(int? days) => days is { } number ? TimeSpan.FromDays(number) : null;

    private static void Require(Option option, int most) => option.Validators.Add(result =>
    {
        // What is no number at all is told by whoever reads it.
        if (result.Tokens is [var token] && long.TryParse(token.Value, CultureInfo.InvariantCulture, out var number)
            && (number < 1 || number > most))
        {
            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{option.Name} must be from 1 to {most:#,0}."));
        }
    });
}
