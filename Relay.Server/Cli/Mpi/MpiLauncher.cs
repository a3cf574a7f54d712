using System.ComponentModel;
using System.Diagnostics;
using Relay.Training;

namespace Relay.Server.Cli.Mpi;

/// <summary>Starts this very program once per slot of some hosts, by Open MPI's mpirun.</summary>
internal static class MpiLauncher
{
    /// <param name="hosts">As mpirun's -H takes them: a,b or localhost:2.</param>
    /// <param name="arguments">What each process gets.</param>
    /// <returns>The exit code of mpirun, which is 0 when all processes ended well.</returns>
    /// <exception cref="TrainingException">There is no mpirun.</exception>
    public static async Task<int> RunAsync(string hosts, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        // mpirun refuses to run as root unless told that this is meant.
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
                TrainingFault.MpiMissing, "there is no mpirun on this machine: apt install libopenmpi3 openmpi-bin", e);
        }
    }

    // Under the dotnet host the process is the host, and the program is its first argument.
    private static string[] Self() => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
        ? [Environment.ProcessPath!, typeof(MpiLauncher).Assembly.Location]
        : [Environment.ProcessPath!];
}
