using Bitacora.Extensions.Logging.Configuration;
using Microsoft.Extensions.Logging.Configuration;
using Microsoft.Extensions.Options;

namespace Bitacora.Extensions.Logging.Cassandra.Configuration;

/// <summary>Reads the section of the provider.</summary>
internal sealed class ReadCassandraOptions(ILoggerProviderConfiguration<BitacoraCassandraLoggerProvider> configuration)
    : IConfigureOptions<BitacoraCassandraOptions>
{
    public void Configure(BitacoraCassandraOptions options)
    {
        var settings = new SettingReader(
            configuration.Configuration, BitacoraCassandraLoggerProvider.Section, options.ReadingFaults);
        settings.List(nameof(options.ContactPoints), value => options.ContactPoints = value);
        settings.Text(nameof(options.Keyspace), value => options.Keyspace = value);
        settings.Text(nameof(options.LocalDatacenter), value => options.LocalDatacenter = value);
        settings.Text(nameof(options.Username), value => options.Username = value);
        settings.Text(nameof(options.Password), value => options.Password = value);
        settings.Text(nameof(options.PasswordFile), value => options.PasswordFile = value);
        settings.Truth(nameof(options.Tls), value => options.Tls = value);
        settings.Text(nameof(options.TlsAuthorities), value => options.TlsAuthorities = value);
        settings.Text(nameof(options.TlsCertificate), value => options.TlsCertificate = value);
        settings.Text(nameof(options.TlsKey), value => options.TlsKey = value);
        settings.Truth(nameof(options.TlsVerifyName), value => options.TlsVerifyName = value);
        QueueLoggerSettings.Read(settings, options);
        settings.RefuseOthers();
    }
}
