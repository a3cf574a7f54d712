using System.Runtime.InteropServices;

namespace Relay.Training.Mpi;

/// <summary>The calls that we need of Open MPI's C library, version 4 (libmpi.so.40). It is loaded with the first call.</summary>
internal static unsafe partial class MpiLibrary
{
    /// <summary>MPI_THREAD_SERIALIZED: any thread may call, one at a time.</summary>
    public const int ThreadSerialized = 2;

    private const string Name = "libmpi.so.40";

    /// <summary>MPI_IN_PLACE.</summary>
    public static void* InPlace => (void*)1;

    /// <summary>Whether the library is installed.</summary>
    public static bool TryLoad(out nint handle) => NativeLibrary.TryLoad(Name, out handle);

    [LibraryImport(Name)]
    public static partial int MPI_Init_thread(int* argc, byte*** argv, int required, out int provided);

    [LibraryImport(Name)]
    public static partial int MPI_Comm_rank(nint communicator, out int rank);

    [LibraryImport(Name)]
    public static partial int MPI_Comm_size(nint communicator, out int size);

    [LibraryImport(Name)]
    public static partial int MPI_Allreduce(void* send, void* receive, int count, nint type, nint operation, nint communicator);

    [LibraryImport(Name)]
    public static partial int MPI_Allgather(
        void* send, int sendCount, nint sendType, void* receive, int receiveCount, nint receiveType, nint communicator);

    [LibraryImport(Name)]
    public static partial int MPI_Allgatherv(
        void* send, int sendCount, nint sendType, void* receive, int* receiveCounts, int* places, nint receiveType, nint communicator);

    [LibraryImport(Name)]
    public static partial int MPI_Abort(nint communicator, int code);

    [LibraryImport(Name)]
    public static partial int MPI_Finalize();
}
