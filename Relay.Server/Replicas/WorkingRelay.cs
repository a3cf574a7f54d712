using System.Data.Common;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Relay.Server.Hosting;
using Relay.Server.Storage;
using Relay.Server.Storage.Postgres;

namespace Relay.Server.Replicas;

/// <summary>The whole relay inside a replica, while it has the lock of the database.</summary>
internal sealed class WorkingRelay : IAsyncDisposable
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(2);

    private readonly WebApplication _app;
    private readonly InnerServer _server;
    private readonly RelayLock _held;
    private readonly CancellationTokenSource _disposing = new();
    private readonly Task _checks;

    private WorkingRelay(WebApplication app, InnerServer server, RelayLock held, ActiveRelay active)
    {
        (_app, _server, _held, Active) = (app, server, held, active);
        Ended = Task.WhenAny(held.Lost, app.WaitForShutdownAsync());
        _checks = CheckLockAsync(app.Services.GetRequiredService<RelayDatabase>(), _disposing.Token);
    }

    public ActiveRelay Active { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Ends when another relay took the lock, or a part of this one failed.</summary>
    public Task Ended { get; }

    /// <summary>True where another relay took the lock. A part that failed, failed by that: the next turn begins with parts of its own.</summary>
    public bool IsReplaced => _held.Lost.IsCompleted;

    public bool HasFailed => HostStart.HasFailed(_app.Services);

    /// <param name="held">The lock of the database: it is released with the relay, or with the failure to start it.</param>
    /// <param name="address">Where the others reach this relay.</param>
    /// <exception cref="RelayStartException">The relay cannot work with what is in the folder or the database.</exception>
    public static async Task<WorkingRelay> StartAsync(RelayOptions options, RelayLock held, Uri address, CancellationToken cancellationToken)
    {
        InnerServer server = new();
        RelayOptions inner = options with
        {
            DatabaseLock = held,
            MoreServices = services =>
            {
                options.MoreServices?.Invoke(services);
                services.AddSingleton<IServer>(server);
            },
        };
        WebApplication? app = null;
        try
        {
            app = await RelayHost.BuildAsync(inner, cancellationToken);
            await HostStart.RunAsync(app, options, cancellationToken);
            ActiveRelay active = ActiveRelay.Announce(app.Services.GetRequiredService<RelayDatabase>(), address, options.TimeProvider);
            held.Secret = active.Secret;
            return new(app, server, held, active);
        }
        catch
        {
            if (app is not null)
            {
                await app.StopAsync(CancellationToken.None);
                await app.DisposeAsync();
            }

            held.Dispose();
            throw;
        }
    }

    /// <returns>Null when it takes no requests any more.</returns>
    public Task? TryProcess(IFeatureCollection request) => _server.TryProcess(request);

    /// <summary>Begins to end: streams close, workers stop.</summary>
    public void BeginStop() => _app.Lifetime.StopApplication();

    public async ValueTask DisposeAsync()
    {
        await _disposing.CancelAsync();
        await _checks.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _disposing.Dispose();
    }

    // A relay that has nothing to write would not see that its session ended, and that another one took over.
    private static async Task CheckLockAsync(RelayDatabase database, CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(CheckInterval);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            try
            {
                await Task.Run(() => database.Write((_, _) => true), cancellationToken);
            }
            catch (Exception e) when (e is DbException or InvalidOperationException)
            {
                // Whatever is asked for next says so, and where another relay has the lock, that ends this one.
            }
        }
    }
}
