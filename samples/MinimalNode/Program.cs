using Microsoft.AspNetCore.Mvc;
using Sync.Client;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddProblemDetails();
builder.Services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = false);     // a body that is no row is a 400, in Development too
builder.Services.AddRelaySync(o =>
{
    o.Relay = new("https://relay:60002");
    o.TrustedRoot = "root.json";        // from the relay's operator: <data>/trust/root.json
    o.TlsRoot = "ca.pem";               // only where the relay uses its own TLS authority: <data>/tls/ca.pem
    o.EnrollmentTokenFile = "enroll-token";     // what 'relay enroll-token' printed for the relay's operator; read once
    o.Models.Add("threat-classifier");
});

var app = builder.Build();
app.UseExceptionHandler();
app.UseStatusCodePages();
app.MapPost("/score", ([FromBody] float?[] row, IRelayModel model, HttpResponse response) =>
{
    try
    {
        return Results.Ok(model.Predict([.. row.Select(value => value ?? float.NaN)]));     // null is a missing value
    }
    catch (RelayModelException e) when (e.Fault is RelayModelFault.NotReady)
    {
        response.Headers.RetryAfter = "10";
        return Results.Problem(e.Message, statusCode: StatusCodes.Status503ServiceUnavailable);
    }
    catch (RelayModelException e) when (e.Fault is RelayModelFault.WrongWidth or RelayModelFault.WrongType or RelayModelFault.MissingValue)
    {
        return Results.Problem(e.Message, statusCode: StatusCodes.Status400BadRequest);
    }
});
app.Run();
