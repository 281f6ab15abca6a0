// A web application that logs to Bitácora.
//   ./bitacora serve                             in one terminal
//   dotnet run --project samples/AspNetCore      in another, then open http://127.0.0.1:5080/orders/7
//   ./bitacora search 'source:shop-web order'
using Bitacora.Extensions.Logging;
using Shop.Web;

var builder = WebApplication.CreateBuilder(args);
builder.Logging.AddBitacora();
builder.Services.AddHttpContextAccessor();
builder.Services.AddSingleton<IRecordEnricher, TierEnricher>();
builder.Services.AddHealthChecks().AddBitacora();

var app = builder.Build();
app.MapHealthChecks("/health");
app.MapGet("/orders/{id:int}", (int id, ILogger<Program> logger) =>
{
    if (id <= 0)
    {
        logger.OrderRefused(id, new ArgumentOutOfRangeException(nameof(id), "Orders are numbered from 1."));
        return Results.BadRequest();
    }

    logger.OrderShown(id, id * 9.5);
    return Results.Ok(new { id });
});
await app.RunAsync();
