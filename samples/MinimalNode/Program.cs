using Sync.Client;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddRelaySync(o =>
{
    o.Relay = new("https://relay:60002");
    o.TrustedRoot = "root.json";        // from the relay's operator: <data>/trust/root.json
    o.TlsRoot = "ca.pem";               // only where the relay uses its own TLS authority: <data>/tls/ca.pem
    o.Models.Add("threat-classifier");
});

var app = builder.Build();
app.MapPost("/score", (float[] row, IRelayModel model) =>
{
    Prediction found = model.Predict(row);
    return new { found.Label, found.Probability, found.Version };
});
app.Run();
