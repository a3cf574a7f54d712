using ProtectedSite;
using ProtectedSite.Load;
using ProtectedSite.Pages;
using ProtectedSite.Scoring;
using Sync.Client;
using Sync.Client.AspNetCore;
using Sync.Client.OnnxRuntime;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
SiteSettings settings = builder.Configuration.Get<SiteSettings>() ?? new();

builder.Services.AddHostedService<ConsoleReporter>();         // first, so that it misses nothing
builder.Services.AddRelaySync(o =>
{
    o.Relay = settings.Relay;
    o.TrustedRoot = settings.TrustedRoot;
    o.TlsRoot = string.IsNullOrEmpty(settings.TlsRoot) ? null : settings.TlsRoot;
    o.EnrollmentTokenFile = string.IsNullOrEmpty(settings.EnrollmentTokenFile) ? null : settings.EnrollmentTokenFile;
    o.StoreFolder = settings.StoreFolder;
    o.NodeId = settings.NodeId;
    o.PollInterval = TimeSpan.FromSeconds(settings.PollSeconds);
    o.UseOnnxRuntime();                                        // any model, not only those that a relay trained
    o.Models.Add(settings.Model);
});
builder.Services.AddSingleton(settings);
builder.Services.AddThreatScoring(o => o.ResponseHeaders = true);
builder.Services.AddSingleton<VerdictLog>();
builder.Services.AddSingleton<PredictionCounter>();
builder.Services.AddSingleton<LoadGenerator>();
builder.Services.AddHostedService(services => services.GetRequiredService<LoadGenerator>());

WebApplication app = builder.Build();
app.UseThreatScoring();
app.UseMiddleware<VerdictRecorder>();
app.MapSitePages();
app.MapStatus();
app.MapLoad();
app.Run();
