using System.Runtime.InteropServices;
using Relay.Training.Engines.Common.Sharding;

namespace Relay.Training.Mpi;

/// <summary>The processes that one <c>mpirun</c> started, each a shard. A process that dies makes mpirun end the others, and an
/// error inside of MPI ends this one: both are what MPI does of itself.</summary>
public sealed unsafe class MpiShardGroup : IShardGroup, IDisposable
{
    // In Open MPI, what C calls MPI_COMM_WORLD and so on are addresses of exported symbols.
    private readonly nint _world;
    private readonly nint _bytes;
    private readonly nint _longs;
    private readonly nint _sum;

    private MpiShardGroup(nint library)
    {
        _world = NativeLibrary.GetExport(library, "ompi_mpi_comm_world");
        _bytes = NativeLibrary.GetExport(library, "ompi_mpi_byte");
        _longs = NativeLibrary.GetExport(library, "ompi_mpi_int64_t");
        _sum = NativeLibrary.GetExport(library, "ompi_mpi_op_sum");
        Check(MpiLibrary.MPI_Init_thread(null, null, MpiLibrary.ThreadSerialized, out _));
        Check(MpiLibrary.MPI_Comm_rank(_world, out int rank));
        Check(MpiLibrary.MPI_Comm_size(_world, out int size));
        (Rank, Size) = (rank, size);
    }

    /// <summary>Whether mpirun started this process.</summary>
    public static bool IsUnderMpi => Environment.GetEnvironmentVariable("OMPI_COMM_WORLD_SIZE") is not null;

    public int Rank { get; }

    public int Size { get; }

    /// <summary>Joins the others. To be called once in a process.</summary>
    /// <exception cref="TrainingException">Open MPI is not installed.</exception>
    public static MpiShardGroup Join() => MpiLibrary.TryLoad(out nint library)
        ? new MpiShardGroup(library)
        : throw new TrainingException(
            TrainingFault.MpiMissing, "Open MPI is not installed on this machine: apt install libopenmpi3 openmpi-bin");

    public void Sum(Span<long> values)
    {
        if (Size == 1)
        {
            return;
        }

        fixed (long* own = values)
        {
            Check(MpiLibrary.MPI_Allreduce(MpiLibrary.InPlace, own, values.Length, _longs, _sum, _world));
        }
    }

    public byte[][] Gather(ReadOnlySpan<byte> own)
    {
        if (Size == 1)
        {
            return [own.ToArray()];
        }

        int[] lengths = Lengths(own.Length);
        int[] places = new int[Size];
        for (int rank = 1; rank < Size; rank++)
        {
            places[rank] = checked(places[rank - 1] + lengths[rank - 1]);
        }

        byte[] all = new byte[checked(places[^1] + lengths[^1])];
        fixed (byte* from = own)
        fixed (byte* to = all)
        fixed (int* counts = lengths)
        fixed (int* at = places)
        {
            Check(MpiLibrary.MPI_Allgatherv(from, own.Length, _bytes, to, counts, at, _bytes, _world));
        }

        return [.. Enumerable.Range(0, Size).Select(rank => all[places[rank]..(places[rank] + lengths[rank])])];
    }

    /// <summary>Ends all processes of the run, this one too, after an error that only this one knows of.</summary>
    public void Abort() => MpiLibrary.MPI_Abort(_world, 1);

    public void Dispose() => Check(MpiLibrary.MPI_Finalize());

    private int[] Lengths(int own)
    {
        int[] lengths = new int[Size];
        fixed (int* to = lengths)
        {
            Check(MpiLibrary.MPI_Allgather(&own, sizeof(int), _bytes, to, sizeof(int), _bytes, _world));
        }

        return lengths;
    }

    private static void Check(int code)
    {
        if (code != 0)
        {
            throw new InvalidOperationException($"MPI answered with error {code}.");
        }
    }
}
