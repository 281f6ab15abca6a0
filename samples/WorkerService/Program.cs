// A service without a web server, whose logs survive a kill: they wait in a spool directory.
//   ./bitacora serve                                in one terminal
//   dotnet run --project samples/WorkerService      in another
//   ./bitacora search 'source:shop-worker packed'
using Bitacora.Extensions.Logging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shop.Worker;

var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
{
    Args = args,
    ContentRootPath = AppContext.BaseDirectory,
});
builder.Logging.AddBitacora();
builder.Services.AddHostedService<Packing>();
await builder.Build().RunAsync();
