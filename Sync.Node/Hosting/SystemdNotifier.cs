using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Hosting;
using Sync.Client;

namespace Sync.Node.Hosting;

/// <summary>Tells systemd that the service is ready, alive, and about to end (sd_notify). Does nothing where systemd does not ask for it.</summary>
/// <remarks>The watchdog is fed from the thread pool, which also serves and updates: a process whose pool is stuck is started again.</remarks>
internal sealed class SystemdNotifier(SyncClient node, IHostApplicationLifetime lifetime, TimeProvider timeProvider) : BackgroundService
{
    private static readonly TimeSpan StatusInterval = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is not { Length: > 1 } path || OperatingSystem.IsWindows())
        {
            return;
        }

        // A message that would have to wait is not sent: it must never hold up the service, or its end.
        using Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
        // A name that starts with @ is in the abstract namespace.
        socket.Connect(new UnixDomainSocketEndPoint(path[0] == '@' ? '\0' + path[1..] : path));
        using CancellationTokenRegistration stopping = lifetime.ApplicationStopping.Register(() => Send(socket, "STOPPING=1"));
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration starting = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (stoppingToken.IsCancellationRequested)
        {
            // It does not start: the host says why.
            return;
        }

        Send(socket, "READY=1\nSTATUS=" + Describe());
        using PeriodicTimer timer = new(FindInterval(), timeProvider);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            Send(socket, "WATCHDOG=1\nSTATUS=" + Describe());
        }
    }

    /// <summary>Half of what the watchdog allows.</summary>
    private static TimeSpan FindInterval() =>
        long.TryParse(Environment.GetEnvironmentVariable("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out long microseconds)
            && microseconds > 1
            ? TimeSpan.FromMicroseconds(microseconds / 2.0)
            : StatusInterval;

    private string Describe()
    {
        SyncStatus status = node.Status;
        return status.Release == 0 ? "no release yet" : $"release {status.Release} of {status.Channel}{(status.Stale ? ", stale" : "")}";
    }

    private static void Send(Socket socket, string state)
    {
        try
        {
            socket.Send(Encoding.UTF8.GetBytes(state));
        }
        catch (SocketException)
        {
            // systemd restarts itself at times; the next message finds it again.
        }
    }
}
