package relaysync

/*
#include <stdlib.h>
#include <relaysync.h>
extern void relaysyncLog(void *context, int32_t level, char *node, char *message);
*/
import "C"

import (
	"sync"
	"unsafe"
)

// Level is one of the levels of the log.
type Level int

const (
	LevelDebug       Level = C.RELAYSYNC_LOG_DEBUG
	LevelInformation Level = C.RELAYSYNC_LOG_INFORMATION
	LevelWarning     Level = C.RELAYSYNC_LOG_WARNING
	LevelError       Level = C.RELAYSYNC_LOG_ERROR
)

// By the address that the library passes back; C has no pointer to a function of Go.
var receivers sync.Map

// SetLog passes the log of all nodes of this process on, from the given level, one message at a time; nil for none. The receiver before has all
// that was logged for it when this returns, and is not called again.
func SetLog(level Level, receive func(level Level, node, message string)) error {
	if receive == nil {
		return call(func() C.relaysync_status { return C.relaysync_set_log(nil, nil, 0) })
	}
	context := C.malloc(1)
	receivers.Store(context, receive)
	return call(func() C.relaysync_status {
		return C.relaysync_set_log(C.relaysync_log_callback(unsafe.Pointer(C.relaysyncLog)), context, C.int32_t(level))
	})
}

//export relaysyncLog
func relaysyncLog(context unsafe.Pointer, level C.int32_t, node, message *C.char) {
	if receive, found := receivers.Load(context); found {
		receive.(func(Level, string, string))(Level(level), C.GoString(node), C.GoString(message))
	}
}
