using Bitacora.Extensions.Logging.Cassandra;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Bitacora.CassandraTests.Logging;

/// <summary>What can be wrong before there is a cluster.</summary>
public sealed class CassandraProviderOptionsTests
{
    [Fact]
    public void A_section_gives_every_option_and_all_of_them_reach_the_cluster()
    {
        using var services = Services(new Dictionary<string, string?>
        {
            ["ContactPoints:0"] = "db2",
            ["ContactPoints:1"] = "db1:9043",
            ["Keyspace"] = "shop_logs",
            ["LocalDatacenter"] = "quito",
            ["Username"] = "shop",
            ["Password"] = "secret",
            ["Tls"] = "true",
            ["TlsAuthorities"] = "ca.pem",
            ["TlsCertificate"] = "client.pem",
            ["TlsKey"] = "client.key",
            ["TlsVerifyName"] = "false",
            ["BatchSize"] = "50",
        });
        var options = services.GetRequiredService<IOptions<BitacoraCassandraOptions>>().Value;
        options.BatchSize.ShouldBe(50);
        var cluster = options.Cluster();
        cluster.ContactPoints.ShouldBe(["db2", "db1:9043"]);
        (cluster.Keyspace, cluster.LocalDatacenter, cluster.Username, cluster.Password).ShouldBe(("shop_logs", "quito", "shop", "secret"));
        (cluster.Tls, cluster.TlsAuthorities, cluster.TlsCertificate, cluster.TlsKey, cluster.TlsVerifyName)
            .ShouldBe((true, "ca.pem", "client.pem", "client.key", false));
    }

    [Fact]
    public void What_waits_in_the_spool_is_for_that_cluster_whatever_the_order_of_its_nodes()
    {
        var spool = Directory.CreateTempSubdirectory("bitacora-options-");
        try
        {
            using var services = Services(new Dictionary<string, string?>
            {
                ["ContactPoints"] = "db2, db1:9043",
                ["Keyspace"] = "shop_logs",
                ["Source"] = "shop",
                ["SpoolDirectory"] = spool.FullName,
            });
            services.GetRequiredService<BitacoraCassandraLoggerProvider>();
            File.ReadAllLines(spool.GetFiles("owner", SearchOption.AllDirectories).ShouldHaveSingleItem().FullName)
                .ShouldBe(["cassandra://db1:9043,db2/shop_logs", "shop"]);
        }
        finally
        {
            spool.Delete(recursive: true);
        }
    }

    [Fact]
    public void Contact_points_that_are_missing_are_one_fault()
    {
        foreach (var points in new IList<string>?[] { null, [], [null!], ["db1", ""] })
        {
            new BitacoraCassandraOptions { ContactPoints = points! }.Faults().ShouldHaveSingleItem().ShouldStartWith("ContactPoints ");
        }
    }

    [Fact]
    public void A_keyspace_that_is_missing_and_a_file_that_cannot_be_read_are_said_with_their_own_names()
    {
        new BitacoraCassandraOptions { Keyspace = null! }.Faults().ShouldHaveSingleItem().ShouldStartWith("Keyspace ");
        new BitacoraCassandraOptions { Username = "shop", PasswordFile = "/nowhere/password" }.Faults().ShouldHaveSingleItem()
            .ShouldStartWith("PasswordFile is '/nowhere/password'");
        new BitacoraCassandraOptions { Username = "shop", PasswordFile = "" }.Faults().ShouldHaveSingleItem()
            .ShouldStartWith("PasswordFile ");
        new BitacoraCassandraOptions { TlsAuthorities = "/nowhere/ca" }.Faults().ShouldHaveSingleItem().ShouldStartWith("Tls ");
    }

    private static ServiceProvider Services(Dictionary<string, string?> section)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(section.ToDictionary(pair => "Logging:BitacoraCassandra:" + pair.Key, pair => pair.Value)).Build();
        return new ServiceCollection()
            .AddLogging(logging => logging.AddConfiguration(configuration.GetSection("Logging")).AddBitacoraCassandra())
            .BuildServiceProvider();
    }
}
