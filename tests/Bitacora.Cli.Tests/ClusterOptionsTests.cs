using System.CommandLine;
using System.Security.Cryptography.X509Certificates;
using Bitacora.Cli.Commands;
using Bitacora.Cli.Options;
using Bitacora.Testing.Cassandra;

namespace Bitacora.Cli.Tests;

public sealed class ClusterOptionsTests
{
    [Fact]
    public async Task Without_contact_points_there_is_no_cluster_and_set_up_takes_this_machine()
    {
        (await ReadAsync(new TestScreen())).ShouldBeNull();
        var screen = new TestScreen();
        var (command, options) = Command();
        var choice = await options.ReadOrLocalAsync(command.Parse([]), screen.Screen, TestContext.Current.CancellationToken);
        choice.Cluster.ContactPoints.ShouldBe(["127.0.0.1"]);
        choice.Keyspace.ShouldBe("logging");
    }

    [Fact]
    public async Task Flags_are_stronger_than_the_environment()
    {
        var screen = new TestScreen { Variables = { ["CASSANDRA_CONTACT_POINTS"] = "db1, db2:9043" } };
        (await ReadAsync(screen))!.Cluster.ContactPoints.ShouldBe(["db1", "db2:9043"]);
        var choice = (await ReadAsync(screen, "--contact-points", "[::1]:9042,::1", "--keyspace", "k", "--local-dc", "dc2"))!;
        choice.Cluster.ContactPoints.ShouldBe(["[::1]:9042", "::1"]);
        choice.Cluster.LocalDatacenter.ShouldBe("dc2");
        choice.Keyspace.ShouldBe("k");
    }

    [Theory]
    [InlineData("db1:0")]
    [InlineData("db1:port")]
    [InlineData(":9042")]
    [InlineData("db1,db2:99999")]
    [InlineData(" , ")]
    public async Task What_names_no_node_is_wrong_usage(string text)
    {
        var fault = await Should.ThrowAsync<CommandException>(() => ReadAsync(new TestScreen(), "--contact-points", text));
        fault.ExitCode.ShouldBe(ExitCode.WrongUsage);
    }

    [Fact]
    public async Task The_password_comes_from_the_environment_or_is_asked_for_and_is_never_shown()
    {
        var screen = new TestScreen { Variables = { ["CASSANDRA_PASSWORD"] = "s3cret" } };
        var choice = (await ReadAsync(screen, "--contact-points", "db1", "--username", "jo"))!;
        choice.Cluster.Credentials!.Password.ShouldBe("s3cret");

        var terminal = new TestScreen(isTerminal: true, secret: "typed");
        choice = (await ReadAsync(terminal, "--contact-points", "db1", "--username", "jo"))!;
        choice.Cluster.Credentials!.Password.ShouldBe("typed");
        terminal.Error.ToString().ShouldBe("Password of jo: \n");
        (screen.Error.ToString() + screen.Out + terminal.Out).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_user_without_a_password_is_refused_where_nobody_can_be_asked()
    {
        var fault = await Should.ThrowAsync<CommandException>(
            () => ReadAsync(new TestScreen(), "--contact-points", "db1", "--username", "jo"));
        fault.Advice!.ShouldContain("CASSANDRA_PASSWORD");
        fault.ExitCode.ShouldBe(ExitCode.WrongUsage);
    }

    [Fact]
    public async Task Each_option_of_tls_means_tls()
    {
        (await ReadAsync(new TestScreen(), "--contact-points", "db1"))!.Cluster.Tls.ShouldBeNull();
        (await ReadAsync(new TestScreen(), "--contact-points", "db1", "--tls"))!.Cluster.Tls!.CheckHostName.ShouldBeTrue();
        (await ReadAsync(new TestScreen(), "--contact-points", "db1", "--tls-no-verify-name"))!.Cluster.Tls!.CheckHostName.ShouldBeFalse();
        var fault = await Should.ThrowAsync<CommandException>(
            () => ReadAsync(new TestScreen(), "--contact-points", "db1", "--tls-ca", "/nowhere/ca.pem"));
        fault.Message.ShouldContain("/nowhere/ca.pem");
    }

    [Fact]
    public async Task Authorities_and_the_clients_certificate_come_from_files()
    {
        using var certificates = new FakeCertificates();
        using var client = certificates.ForClient("bitacora");
        var folder = Directory.CreateTempSubdirectory("bitacora-tls-");
        var (authority, certificate, key) = (folder + "/ca.pem", folder + "/client.pem", folder + "/client.key");
        await File.WriteAllTextAsync(authority, certificates.Authority.ExportCertificatePem(), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(certificate, client.ExportCertificatePem(), TestContext.Current.CancellationToken);
        using (var secret = client.GetECDsaPrivateKey()!)
        {
            await File.WriteAllTextAsync(key, secret.ExportPkcs8PrivateKeyPem(), TestContext.Current.CancellationToken);
        }

        var tls = (await ReadAsync(
            new TestScreen(), "--contact-points", "db1", "--tls-ca", authority, "--tls-cert", certificate, "--tls-key", key))!.Cluster.Tls!;
        tls.Authorities!.ShouldHaveSingleItem().Subject.ShouldBe(certificates.Authority.Subject);
        ((X509Certificate2)tls.ClientCertificates![0]).HasPrivateKey.ShouldBeTrue();
        var fault = await Should.ThrowAsync<CommandException>(
            () => ReadAsync(new TestScreen(), "--contact-points", "db1", "--tls-cert", certificate));
        fault.Message.ShouldStartWith("--tls-cert: ");
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("--keyspace", "Logs;")]
    [InlineData("--ttl-days", "0")]
    [InlineData("--ttl-days", "7301")]
    [InlineData("--replication-factor", "x")]
    [InlineData("--rate", "5000001")]
    [InlineData("--profile", "fast")]
    public async Task What_cannot_be_is_wrong_usage(string option, string value)
    {
        var screen = new TestScreen();
        (await screen.RunAsync("schema", "setup", option, value)).ShouldBe(ExitCode.WrongUsage);
        screen.Out.ToString().ShouldBeEmpty();
        screen.Error.ToString().ShouldContain("schema setup --help");
    }

    [Fact]
    public async Task A_cluster_that_is_not_there_is_a_failure_with_its_cause()
    {
        // Port 1 of this machine: nobody listens there.
        var screen = new TestScreen(clock: TimeProvider.System);
        (await screen.RunAsync("schema", "setup", "--contact-points", "127.0.0.1:1")).ShouldBe(ExitCode.Failed);
        screen.Out.ToString().ShouldBe("[1/7] Connecting to Cassandra: ['127.0.0.1:1']\n");
        screen.Error.ToString().ShouldContain("127.0.0.1:1");
        screen.Error.ToString().ShouldContain("--contact-points");
        screen.Error.ToString().ShouldNotContain("fault of Bitácora");
    }

    private static async Task<ClusterChoice?> ReadAsync(TestScreen screen, params string[] arguments)
    {
        var (command, options) = Command();
        return await options.ReadAsync(command.Parse(arguments), screen.Screen, TestContext.Current.CancellationToken);
    }

    private static (Command Command, ClusterOptions Options) Command()
    {
        var (command, options) = (new Command("x"), new ClusterOptions());
        options.AddTo(command);
        return (command, options);
    }
}
