using Microsoft.Extensions.Logging.Configuration;
using Microsoft.Extensions.Options;

namespace Bitacora.Extensions.Logging.Configuration;

/// <summary>Reads the section of the provider.</summary>
internal sealed class ReadBitacoraOptions(ILoggerProviderConfiguration<BitacoraLoggerProvider> configuration)
    : IConfigureOptions<BitacoraLoggerOptions>
{
    public void Configure(BitacoraLoggerOptions options)
    {
        var settings = new SettingReader(configuration.Configuration, BitacoraLoggerProvider.Section, options.ReadingFaults);
        settings.Address(nameof(options.Endpoint), value => options.Endpoint = value);
        settings.Text(nameof(options.ApiKey), value => options.ApiKey = value);
        settings.Text(nameof(options.ApiKeyFile), value => options.ApiKeyFile = value);
        settings.Text(nameof(options.Certificate), value => options.Certificate = value);
        QueueLoggerSettings.Read(settings, options);
        settings.RefuseOthers();
    }
}
