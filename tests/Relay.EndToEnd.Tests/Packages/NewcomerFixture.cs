using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.EndToEnd.Tests.Packages;

/// <summary>An app of the package that takes its options from the configuration, published once, and the relay that it is meant for: a closed one,
/// as a relay is by default.</summary>
public sealed class NewcomerFixture(PackageFeed feed) : IAsyncLifetime
{
    /// <summary>The columns of the model are other ones from its second version on.</summary>
    public const string ChangingChannel = "changing";

    // What its log says is all that a newcomer has, so the app logs as it does by default.
    private const string Program = """
        using Sync.Client;

        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddRelaySync(builder.Configuration.GetSection("Relay"));
        if (builder.Configuration["ClockOffset"] is { } offset)
        {
            builder.Services.AddSingleton<TimeProvider>(new OffsetClock(TimeSpan.Parse(offset)));
        }

        var app = builder.Build();
        app.MapPost("/score", (Row row, IRelayModel model) =>
        {
            try
            {
                return Results.Ok(model.Predict(row.Numbers, row.Categories));
            }
            catch (RelayModelException e) when (e.Fault is RelayModelFault.NotReady)
            {
                return Results.Problem(e.Message, statusCode: 503);
            }
        });
        app.Run();

        public sealed record Row(float[] Numbers, string[] Categories);

        public sealed class OffsetClock(TimeSpan offset) : TimeProvider
        {
            public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + offset;
        }
        """;

    private readonly TemporaryFolder _folder = new();
    private int _cases;

    public TestRelay Relay { get; private set; } = null!;

    /// <summary>The folder with App.dll.</summary>
    public string App { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        Task<string> publishing = feed.PublishAsync("newcomer", PackageFeed.WebProject("Relay.Sync.Client"), Program);
        Relay = await TestRelay.StartAsync(options => options with { OpenArtifacts = false, OpenCheckIns = false });
        ModelVersion first = await Relay.TrainSmallAsync(trees: 3);
        await Relay.PublishAsync("stable", first);
        await Relay.PublishAsync(ChangingChannel, first);
        App = await publishing;
    }

    public async ValueTask DisposeAsync()
    {
        await Relay.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>A path of this case alone.</summary>
    public string NewPath(string name) => Path.Combine(Directory.CreateDirectory(_folder.Combine($"{++_cases}")).FullName, name);

    /// <summary>Options with which the app works, and the changes of a case.</summary>
    internal async Task<Dictionary<string, string>> CreateOptionsAsync(params (string Name, string? Value)[] changes)
    {
        Dictionary<string, string> options = new()
        {
            ["Relay:Relay"] = $"{Relay.Address}",
            ["Relay:TrustedRoot"] = Relay.TrustedRoot,
            ["Relay:TlsRoot"] = Relay.CertificateAuthority,
            ["Relay:EnrollmentToken"] = await Relay.CreateEnrollmentTokenAsync(),
            ["Relay:Models:0"] = SmallModel.Name,
            ["Relay:StoreFolder"] = NewPath("store"),
            ["Relay:NodeId"] = $"newcomer-{_cases}",
            ["Relay:PollInterval"] = "00:00:00.2",
            ["Relay:Budgets:Retries"] = "0",
            ["Relay:Budgets:TryOutLatency"] = "00:00:05",
        };
        foreach ((string name, string? value) in changes)
        {
            options.Remove(name);
            if (value is not null)
            {
                options[name] = value;
            }
        }

        return options;
    }
}
