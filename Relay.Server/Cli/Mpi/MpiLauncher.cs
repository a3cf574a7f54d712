using System.ComponentModel;
using System.Diagnostics;
using Relay.Training;

namespace Relay.Server.Cli.Mpi;

/// <summary>Starts this program once per slot of the hosts, by Open MPI's mpirun.</summary>
internal static class MpiLauncher
{
    /// <param name="hosts">The value of mpirun's -H: a,b or localhost:2.</param>
    /// <param name="arguments">The arguments of each process.</param>
    /// <returns>The exit code of mpirun: 0 if all processes succeeded.</returns>
    /// <exception cref="TrainingException">There is no mpirun.</exception>
    public static async Task<int> RunAsync(string hosts, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        // mpirun does not run as root without this option.
        string[] root = Environment.IsPrivilegedProcess ? ["--allow-run-as-root"] : [];
        ProcessStartInfo start = new("mpirun", [.. root, "-H", hosts, .. Self(), .. arguments]);
        using Process mpirun = Start(start);
        try
        {
            await mpirun.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            mpirun.Kill(entireProcessTree: true);
            throw;
        }

        return mpirun.ExitCode;
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new TrainingException(
                TrainingFault.MpiMissing, "this machine has no mpirun: apt install libopenmpi3 openmpi-bin", e);
        }
    }

    // Under the dotnet host the process is the host, and the program is its first argument.
    private static string[] Self() => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
        ? [Environment.ProcessPath!, typeof(MpiLauncher).Assembly.Location]
        : [Environment.ProcessPath!];
}
