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
    o.AddModel<LoginRow>("login-risk");
    o.Explanations = true;
    o.Samples = new() { Fraction = 0.1 };
    o.Shadow = new() { Calls = 1000, MaxDisagreement = 0.02 };
});

var app = builder.Build();
app.UseExceptionHandler();
app.UseStatusCodePages();
app.Use(async (http, next) =>
{
    try
    {
        await next(http);
    }
    catch (RelayModelException e) when (e.Fault is RelayModelFault.NotReady)
    {
        http.Response.Headers.RetryAfter = "10";
        await Results.Problem(e.Message, statusCode: StatusCodes.Status503ServiceUnavailable).ExecuteAsync(http);
    }
    catch (RelayModelException e) when (e.Fault is RelayModelFault.MissingValue)
    {
        await Results.Problem(e.Message, statusCode: StatusCodes.Status400BadRequest).ExecuteAsync(http);
    }
});
app.MapPost("/login", (LoginRow row, IRelayModel<LoginRow> model) => model.Predict(row));
app.MapPost("/login/sample", (LoginRow row, IRelaySamples samples) => samples.RecordRow(row));
app.MapPost("/login/label", (string id, string label, IRelaySamples samples) => samples.Label("login-risk", id, label));
app.MapPost("/login/why", (LoginRow row, IRelayModel<LoginRow> model) => model.Explain(row));
app.MapPost("/pin/{release:int}", (int release, SyncClient node) => node.PinAsync(release));
app.MapPost("/hold", (SyncClient node) => node.HoldAsync());
app.MapPost("/follow", (SyncClient node) => node.FollowAsync());
app.Run();

[RelayRow]
public sealed partial record LoginRow(float? Duration, [property: RelayInput("src_bytes")] int? Sent, string? Protocol, double? Urgency);
