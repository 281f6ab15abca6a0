// A program that logs with Serilog.
//   ./bitacora serve                          in one terminal
//   dotnet run --project samples/Serilog      in another; the server's address may follow
//   ./bitacora search 'source:shop-batch'
using Bitacora.Serilog;
using Serilog;

Log.Logger = new LoggerConfiguration()
    .Enrich.FromLogContext()
    .WriteTo.Bitacora(args is [var endpoint] ? endpoint : null, options => options.Source = "shop-batch")
    .CreateLogger();

var log = Log.ForContext("SourceContext", "Shop.Batch");
for (var order = 1; order <= 3; order++)
{
    log.Information("order {Order} of {@Customer} billed", order, new { Name = "Ana", Tier = "gold" });
}

try
{
    throw new InvalidOperationException("the printer is on fire");
}
catch (InvalidOperationException e)
{
    log.Error(e, "order {Order} was not printed", 3);
}

await Log.CloseAndFlushAsync();
